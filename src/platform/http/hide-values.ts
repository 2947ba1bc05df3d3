const GOT_INVALID = /^Variable "(\$\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ([\s\S]*)$/;
/** Details that name fields and types of the schema only. */
const ABOUT_FIELDS =
  /^(Field "\w+" of required type "[\w[\]!]+" was not provided\.|Expected (non-nullable )?type "[\w[\]!]+"( not to be null| to be an object)?\.|(\w+ )expected: [^"]*)$/;

/** What graphql-js says of a bad value in the document itself; each begins with all that may be told. */
const BAD_LITERALS = [
  /^([\w "]+ cannot represent [\w -]+ value): /,
  /^(Expected value of type "[\w[\]!]+"), found /,
];
const NO_SUCH_VALUE = /^Value "[^"]*" (does not exist in "\w+" enum\.)/;

/** graphql-js repeats a bad value, which may be a password, in its message. This tells only where it was and, if that is safe, why. */
export function hideValues(message: string): string {
  const [, variable, at, detail = ""] = GOT_INVALID.exec(message) ?? [];
  if (!variable) return hideLiteral(message);
  const where = at ? ` at "${at}"` : "";
  return `Variable "${variable}" got an invalid value${where}.${ABOUT_FIELDS.test(detail) ? ` ${detail}` : ""}`;
}

function hideLiteral(message: string): string {
  for (const shape of BAD_LITERALS) {
    const told = shape.exec(message)?.[1];
    if (told) return `${told}.`;
  }
  return message.replace(NO_SUCH_VALUE, "The value $1");
}
