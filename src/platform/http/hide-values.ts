const GOT_INVALID = /^Variable "(\$\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ([\s\S]*)$/;
/** Details that name fields and types of the schema only. */
const ABOUT_FIELDS =
  /^(Field "\w+" of required type "[\w[\]!]+" was not provided\.|Expected (non-nullable )?type "[\w[\]!]+"( not to be null| to be an object)?\.|(\w+ )expected: [^"]*)$/;

/** graphql-js repeats a variable's bad value, which may be a password, in its message. This tells only where it was and, if that is safe, why. */
export function hideValues(message: string): string {
  const [, variable, at, detail = ""] = GOT_INVALID.exec(message) ?? [];
  if (!variable) return message;
  const where = at ? ` at "${at}"` : "";
  return `Variable "${variable}" got an invalid value${where}.${ABOUT_FIELDS.test(detail) ? ` ${detail}` : ""}`;
}
