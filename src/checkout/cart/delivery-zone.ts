import { Prisma } from "../../generated/prisma/client";

/** SQL: the handle of a delivery if the country's zone (see the function zone_of) offers it in the currency, else no row. */
export const offeredDelivery = (handle: Prisma.Sql, country: Prisma.Sql, currency: Prisma.Sql) => Prisma.sql`
  SELECT d.handle FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id AND r.currency = ${currency}
  WHERE d.zone_id = (SELECT id FROM zone_of(${country})) AND d.handle = ${handle}`;
