const {
  Asset,
  CollectionService,
  FacetService,
  FacetValueService,
  FastImporterService,
  TaxCategory,
} = require("@vendure/core");
const { ADJECTIVES, FILLERS, MATERIALS, NOUNS } = require("../../dist/bench/catalog/words"); // npm run build, above

const SIZES = ["Small", "Medium", "Large"];
const LANES = 4;
const below = (count) => Math.floor(Math.random() * count);
const pick = (items) => items[below(items.length)];
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const english = (about) => [{ languageCode: "en", ...about }];

/** A hundred facet values, ten of each of ten facets. @returns their ids */
exports.createFacets = async (app, ctx) => {
  const ids = [];
  for (let n = 0; n < 10; n++) {
    const about = { code: `facet-${n}`, isPrivate: false, translations: english({ name: `Facet ${n}` }) };
    const facet = await app.get(FacetService).create(ctx, about);
    for (let v = 0; v < 10; v++) {
      const value = { code: `f${n}-v${v}`, translations: english({ name: `Value ${n}.${v}` }) };
      ids.push((await app.get(FacetValueService).create(ctx, facet, value)).id);
    }
  }
  return ids;
};

/** A thousand images as rows. @returns their ids */
exports.createImages = async (db, channel) => {
  const ids = [];
  for (let n = 0; n < 1_000; n++) {
    const preview = `https://cdn.example/p/a${n}.jpg`;
    const about = {
      name: `a${n}.jpg`,
      type: "IMAGE",
      mimeType: "image/jpeg",
      width: 800,
      height: 800,
      fileSize: 12_345,
      source: preview,
      preview,
    };
    ids.push(
      (await db.getRepository(Asset).save(new Asset({ ...about, channels: [channel], customFields: {} }))).id,
    );
  }
  return ids;
};

/** Products of the same shape as ours (bench/catalog): one to three variants, 40 words, four facet values, one image. */
exports.createProducts = async (app, db, channel, { count, facets, images, say }) => {
  const importer = app.get(FastImporterService);
  await importer.initialize(channel);
  const [{ id: taxCategoryId }] = await db.getRepository(TaxCategory).find();
  let next = 0;
  const work = async () => {
    while (next < count) {
      const n = next++;
      await createProduct(importer, { n, taxCategoryId, facets, images });
      if (n % 1_000 === 0) say(`products ${n}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
};

async function createProduct(importer, { n, taxCategoryId, facets, images }) {
  const name = [pick(ADJECTIVES), pick(MATERIALS), pick(NOUNS)].map(capital).join(" ");
  const words = Array.from({ length: 40 }, () => pick(FILLERS)).join(" ");
  const [image, variants, price] = [pick(images), 1 + below(3), 500 + below(20_000)];
  const text = {
    name,
    slug: `${name.toLowerCase().replaceAll(" ", "-")}-${n}`,
    description: `The ${name}. ${words}.`,
    customFields: {},
  };
  const productId = await importer.createProduct({
    featuredAssetId: image,
    assetIds: [image],
    facetValueIds: [...new Set(Array.from({ length: 4 }, () => pick(facets)))],
    translations: english(text),
    customFields: {},
    enabled: true,
  });
  const options = variants > 1 ? await createSizes(importer, productId, n, variants) : [];
  for (let v = 0; v < variants; v++)
    await importer.createProductVariant({
      productId,
      sku: `SKU-${n}-${v}`,
      price: price + v * 100,
      taxCategoryId,
      stockOnHand: 1_000_000,
      optionIds: options.slice(v, v + 1),
      facetValueIds: [],
      assetIds: [],
      translations: english({ name: variants > 1 ? `${name} ${SIZES[v]}` : name }),
    });
}

async function createSizes(importer, productId, n, count) {
  const about = { code: `size-${n}`, translations: english({ name: "Size" }), options: [] };
  const productOptionGroupId = await importer.createProductOptionGroup(about);
  const ids = [];
  for (const size of SIZES.slice(0, count))
    ids.push(
      await importer.createProductOption({
        productOptionGroupId,
        code: size.toLowerCase(),
        translations: english({ name: size }),
      }),
    );
  await importer.addOptionGroupToProduct(productId, productOptionGroupId);
  return ids;
}

/** Thirty collections, each of the products with one facet value. Their members are written at once: its jobs would take an hour. */
exports.createCollections = async (app, ctx, db, facets) => {
  for (let n = 0; n < 30; n++) {
    const chosen = facets[n * 3];
    const filter = [
      { name: "facetValueIds", value: JSON.stringify([String(chosen)]) },
      { name: "containsAny", value: "false" },
    ];
    const { id } = await app.get(CollectionService).create(ctx, {
      isPrivate: false,
      inheritFilters: false,
      translations: english({
        name: `Collection ${n}`,
        slug: `collection-${n}`,
        description: `Collection ${n}`,
      }),
      filters: [{ code: "facet-value-filter", arguments: filter }],
    });
    await db.query(
      `INSERT INTO collection_product_variants_product_variant ("collectionId", "productVariantId")
        SELECT $1::int, v.id FROM product_variant v JOIN product_facet_values_facet_value f ON f."productId" = v."productId"
        WHERE f."facetValueId" = $2::int ON CONFLICT DO NOTHING`,
      [id, chosen],
    );
  }
};
