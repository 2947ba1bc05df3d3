import { isCountry } from "./countries";
import { isPlainText } from "./text";

/** A postal address as it is sealed and shown. */
export type PostalAddressData = {
  name: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string;
  country: string;
  phone: string | null;
};
type Given = { [Field in keyof PostalAddressData]?: string | null };

/** Longest text of any part; postal labels hold far less. */
const LONGEST = 200;
const REQUIRED = ["name", "line1", "city", "postalCode"] as const;
const OPTIONAL = ["line2", "region", "phone"] as const;

/** The address with its texts trimmed, or the name of the first field that is missing, too long or no text. */
export function readAddress(
  given: Given,
): { address: PostalAddressData } | { wrong: keyof PostalAddressData } {
  const trimmed = (field: keyof PostalAddressData) => given[field]?.trim() || null;
  for (const field of [...REQUIRED, ...OPTIONAL]) {
    const text = trimmed(field);
    if (text === null ? REQUIRED.some((name) => name === field) : !isPlainText(text, LONGEST))
      return { wrong: field };
  }
  const country = given.country ?? "";
  if (!isCountry(country)) return { wrong: "country" };
  const [name, line1, city, postalCode] = REQUIRED.map((field) => trimmed(field) ?? "") as [
    string,
    string,
    string,
    string,
  ];
  const [line2, region, phone] = OPTIONAL.map(trimmed) as [string | null, string | null, string | null];
  return { address: { name, line1, line2, city, region, postalCode, country, phone } };
}
