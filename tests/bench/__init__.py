"""`make bench`: the project beside Python's and the field's best, on the same work."""
