/** What our kernel adds to the globals of Node. */
/** Asks the reader in Jupyter's input box, and waits for the answer. Null when nothing can be asked. */
declare function prompt(message?: string, value?: string): string | null;
