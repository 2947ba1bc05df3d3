import type { TestApp } from "./app";
import { aPerson } from "./person";

type ListingAbout = {
  title: string;
  descriptionHtml: string;
  vendor: string;
  productType: string;
  tags: string[];
  status: "DRAFT" | "ACTIVE" | "ARCHIVED";
  collectionIds: string[];
  /** Of the only variant, or of each combination's */
  sku: string;
  /** Minor units of EUR */
  price: number;
  stock: number;
  /** One variant for each value; several options: one variant for each place in the lists */
  options: Record<string, string[]>;
};

const SAVE = `mutation($input: SaveProductInput!) { saveProduct(input: $input) {
  product { id version variants { id } } userErrors { code path message } } }`;
const COLLECTION = `mutation($input: SaveCollectionInput!) { saveCollection(input: $input) {
  collection { id } userErrors { code } } }`;

/** Someone of the staff who puts products and collections into the shop, as its own people do. */
export async function aShopkeeper(app: TestApp) {
  const { token } = await aPerson(app, "STAFF");
  return {
    token,
    /** A product that is for sale at 5.00 EUR, 10 in stock, unless the test says otherwise; with `id`, a change of that one. */
    async lists({
      sku,
      price = 500,
      stock = 10,
      options,
      ...about
    }: Partial<ListingAbout> & { id?: string }) {
      const names = Object.keys(options ?? {});
      const places = Math.max(1, ...Object.values(options ?? {}).map((values) => values.length));
      const variants = Array.from({ length: places }, (_, place) => ({
        sku: sku && (places > 1 ? `${sku}-${place}` : sku),
        price: { amount: price, currency: "EUR" },
        stock,
        selectedOptions: names.map((name) => ({
          name,
          value: options?.[name]?.[place] ?? options?.[name]?.[0],
        })),
      }));
      const input = { ...(about.id ? {} : { status: "ACTIVE" }), ...about, variants };
      const answer = await app.ask(token, SAVE, { input });
      const { product, userErrors } = answer.data?.saveProduct ?? { userErrors: answer.errors };
      if (!product) throw new Error(JSON.stringify(userErrors));
      return { id: product.id as string, variantId: product.variants[0].id as string };
    },
    async collects(title: string, parentId?: string) {
      const { data } = await app.ask(token, COLLECTION, { input: { title, parentId } });
      return data.saveCollection.collection.id as string;
    },
  };
}
export type Shopkeeper = Awaited<ReturnType<typeof aShopkeeper>>;
