/** What keeps the server or a script from starting. The message is one line for people: it names the thing and what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}
