/**
 * What our server is asked. Each answer holds as much as the peer's does (bench/scenarios/peer.ts): as many items, variants, lines and facets, each with
 * as many fields.
 */
export const documents = {
  floor: "{ __typename }",
  list: `query($after: String) { products(first: 20, after: $after, sort: TITLE) { totalCount nodes { id title handle descriptionHtml
    variants { id sku price { amount } available } images { url } } } }`,
  detail: `query($handle: String!) { productByHandle(handle: $handle) { id title handle descriptionHtml images { url } options { name values }
    tags vendor productType variants { id sku title price { amount currency } available selectedOptions { name value } }
    collections { id title handle } } }`,
  search: `query($query: String!, $filter: ProductFilter) { search(query: $query, filter: $filter, first: 20) { totalCount
    nodes { id title handle priceRange { min { amount } max { amount } } images { url } variants { sku } } facets { name values { value count } } } }`,
  login: `mutation($input: LoginInput!) { login(input: $input) { account { id email } tokens { accessToken } userErrors { code message } } }`,
  createCart: `mutation($input: CreateCartInput!) { createCart(input: $input) { cart { id totals { total { amount } }
    lines { id quantity total { amount } variant { id title } } } userErrors { code message } } }`,
  addCartLines: `mutation($input: AddCartLinesInput!) { addCartLines(input: $input) { cart { id totals { total { amount } }
    lines { id quantity total { amount } variant { id title } } } userErrors { code message } } }`,
  updateCart: `mutation($input: UpdateCartInput!) { updateCart(input: $input) { cart { id totals { total { amount currency } } } userErrors { code message } } }`,
  cart: `query($id: ID!) { cart(id: $id) { id blockers totals { total { amount currency } } } }`,
  checkout: `mutation($input: CheckoutInput!) { checkout(input: $input) { order { id number status paymentStatus totals { total { amount } }
    payments { id captured { amount } } } userErrors { code message } } }`,
  orders: `{ me { orders(first: 10) { totalCount nodes { number totals { total { amount } } lines { quantity title } } } } }`,
};
