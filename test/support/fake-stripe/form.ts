/** A value of a form as Stripe reads it: text, a list, or names with values. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

/** Reads "a=1&b[c]=2&d[0]=3" (also "d[]=3") as Stripe does. */
export function readForm(text: string): Form {
  const form: Form = {};
  for (const [path, value] of new URLSearchParams(text)) {
    const names = [...path.matchAll(/[^[\]]+|(?<=\[)(?=\])/g)].map(([name]) => name);
    put(form, names, value);
  }
  return form;
}

// biome-ignore lint/suspicious/noExplicitAny: what is being built is neither a list nor an object yet
function put(target: any, [name = "", ...rest]: string[], value: string): void {
  const place = Array.isArray(target) && name === "" ? target.length : name;
  if (rest.length === 0) target[place] = value;
  else {
    target[place] ??= /^\d*$/.test(rest[0] ?? "") ? [] : {};
    put(target[place], rest, value);
  }
}

/** "payment_method_options[card][request_multicapture]" for each value; places in lists are left out. */
export const pathsOf = (value: FormValue, path = ""): string[] =>
  typeof value === "string"
    ? [path]
    : Object.entries(value).flatMap(([name, inner]) =>
        pathsOf(inner, path === "" ? name : `${path}[${Array.isArray(value) ? "" : name}]`),
      );
