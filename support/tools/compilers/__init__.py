"""A compiler that the kernels of a program share."""
