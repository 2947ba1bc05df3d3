import { Prisma } from "../../generated/prisma/client";

/** SQL: the zone `z` of a country (its code as SQL): the one that names it, else one that takes all that no other names. */
export const fromZoneOf = (country: Prisma.Sql) => Prisma.sql`
  FROM delivery_zones z
  WHERE cardinality(z.countries) = 0 OR ${country} = ANY (z.countries)
  ORDER BY cardinality(z.countries) = 0, z.position, z.id
  LIMIT 1`;

/** SQL: the handle of a delivery if the country's zone offers it in the currency, else no row. */
export const offeredDelivery = (handle: Prisma.Sql, country: Prisma.Sql, currency: Prisma.Sql) => Prisma.sql`
  SELECT d.handle FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id AND r.currency = ${currency}
  WHERE d.zone_id = (SELECT z.id ${fromZoneOf(country)}) AND d.handle = ${handle}`;
