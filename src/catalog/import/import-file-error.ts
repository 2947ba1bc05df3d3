/** The file as a whole cannot be read; the message is one line for people. */
export class ImportFileError extends Error {}
