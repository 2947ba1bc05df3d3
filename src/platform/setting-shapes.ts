import { z } from "zod";

/** Values separated by commas. */
export const list = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);
export const postgres = z.string().regex(/^postgres(ql)?:\/\/.+/, "must be a postgres:// address");
export const origin = z
  .string()
  .regex(/^https?:\/\/[^/\s]+$/, "must be an origin such as https://shop.example");
