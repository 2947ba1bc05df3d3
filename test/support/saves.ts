import type { TestApp } from "./app";

export const SAVE = `mutation($input: SaveProductInput!) { saveProduct(input: $input) {
  product { id handle title vendor tags status version updatedAt available images { url } options { name values }
    priceRange { min { amount } max { amount } }
    variants { id sku title stock available selectedOptions { value } price { amount } compareAtPrice { amount } dollars: price(currency: "USD") { amount } } }
  userErrors { code path } } }`;

/** saveProduct as somebody of the staff: `save` gives the payload, `saved` the product, which must not be refused. */
export function savesOf(app: () => TestApp, token: () => string) {
  const save = async (input: object, headers = {}) =>
    (await app().ask(token(), SAVE, { input }, headers)).data.saveProduct;
  const saved = async (input: object) => {
    const { product, userErrors } = await save(input);
    expect(userErrors).toEqual([]);
    return product;
  };
  return { save, saved };
}

export const eur = (amount: number) => ({ amount, currency: "EUR" });

/** A variant of one option, at 10.00 EUR unless the test says otherwise. */
export const size = (value: string, more: object = {}) => ({
  selectedOptions: [{ name: "Size", value }],
  price: eur(1000),
  ...more,
});
