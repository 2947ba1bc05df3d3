import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ctx, Query, Resolver } from "type-graphql";
import type { Context } from "../platform/context";
import { COUNTRIES } from "../platform/countries";
import { projectRoot } from "../platform/project-root";
import { Shop } from "./shop.types";

const { version } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8")) as {
  version: string;
};

@Resolver()
export class ShopResolver {
  @Query(() => Shop)
  async shop(@Ctx() ctx: Context): Promise<Shop> {
    const { config, services } = ctx;
    return {
      name: config.shop.name,
      currencies: [...config.shop.currencies],
      countries: () => findCountries(ctx),
      paymentProviders: services.providers.map(({ handle, publishableKey }) => ({ handle, publishableKey })),
      version,
    };
  }
}

/** Where the shop delivers to, in alphabetical order: what its zones name, or every country when one zone takes the rest. */
async function findCountries({ db }: Context) {
  const zones = await db.deliveryZone.findMany({ select: { countries: true } });
  if (zones.some((zone) => zone.countries.length === 0)) return [...COUNTRIES];
  return [...new Set(zones.flatMap((zone) => zone.countries))].sort();
}
