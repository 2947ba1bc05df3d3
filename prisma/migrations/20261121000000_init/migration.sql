-- What search stands on: similarity of words, letters without accents, edit distance. All three are trusted extensions, so
-- the database's owner may create them without being superuser.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE EXTENSION IF NOT EXISTS "unaccent";
CREATE EXTENSION IF NOT EXISTS "fuzzystrmatch";

-- English stemming after the accents are gone, so that "cafe" finds "Café". Words of plain ASCII have none to lose.
CREATE TEXT SEARCH CONFIGURATION "tillgraph" (COPY = "english");
ALTER TEXT SEARCH CONFIGURATION "tillgraph"
    ALTER MAPPING FOR "word", "hword", "hword_part" WITH "unaccent", "english_stem";

-- The words as they are, only without accents: what is completed while it is being typed.
CREATE TEXT SEARCH CONFIGURATION "tillgraph_words" (COPY = "simple");
ALTER TEXT SEARCH CONFIGURATION "tillgraph_words"
    ALTER MAPPING FOR "word", "hword", "hword_part" WITH "unaccent", "simple";

-- Letters and digits, anything else a blank: texts and queries fall into the same words, and "and/or" is two of them, not a file.
CREATE FUNCTION "search_text"("raw" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(normalize(raw, NFKC) COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('CUSTOMER', 'STAFF', 'ADMIN');

-- CreateEnum
CREATE TYPE "account_status" AS ENUM ('ACTIVE', 'DISABLED');

-- CreateEnum
CREATE TYPE "one_time_token_kind" AS ENUM ('VERIFY_EMAIL', 'RESET_PASSWORD');

-- CreateEnum
CREATE TYPE "product_status" AS ENUM ('DRAFT', 'ACTIVE', 'ARCHIVED');

-- CreateEnum
CREATE TYPE "stock_movement_kind" AS ENUM ('RECEIVE', 'ADJUST', 'RESERVE', 'RELEASE', 'SHIP', 'RETURN');

-- CreateEnum
CREATE TYPE "cart_state" AS ENUM ('ACTIVE', 'ORDERED', 'MERGED', 'ABANDONED');

-- CreateEnum
CREATE TYPE "reservation_state" AS ENUM ('HELD', 'COMMITTED', 'CONSUMED', 'RELEASED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "order_status" AS ENUM ('PENDING', 'OPEN', 'COMPLETED', 'CANCELLED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "payment_status" AS ENUM ('REFUNDED', 'PARTIALLY_REFUNDED', 'PAID', 'PARTIALLY_PAID', 'PROCESSING', 'AUTHORIZED', 'VOIDED', 'FAILED', 'UNPAID');

-- CreateEnum
CREATE TYPE "adjustment_kind" AS ENUM ('DISCOUNT', 'TAX', 'SHIPPING');

-- CreateEnum
CREATE TYPE "payment_operation_kind" AS ENUM ('AUTHORIZE', 'CAPTURE', 'VOID', 'REFUND');

-- CreateEnum
CREATE TYPE "payment_operation_status" AS ENUM ('PENDING', 'ACTION_REQUIRED', 'SUCCEEDED', 'FAILED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "ledger_account_type" AS ENUM ('AUTHORIZED', 'AUTHORIZED_CONTRA', 'PROVIDER_CLEARING', 'CUSTOMER_CREDIT', 'SALES', 'SHIPPING_INCOME', 'TAX_PAYABLE');

-- CreateEnum
CREATE TYPE "idempotency_state" AS ENUM ('RUNNING', 'DONE');

-- CreateTable
CREATE TABLE "data_keys" (
    "id" UUID NOT NULL,
    "wrapped" BYTEA,
    "kek_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "data_key_id" UUID NOT NULL,
    "email_cipher" BYTEA NOT NULL,
    "email_index" BYTEA NOT NULL,
    "email_verified_at" TIMESTAMPTZ(3),
    "name_cipher" BYTEA,
    "password_hash" TEXT,
    "role" "role" NOT NULL DEFAULT 'CUSTOMER',
    "status" "account_status" NOT NULL DEFAULT 'ACTIVE',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "device_cipher" BYTEA,
    "ip_cipher" BYTEA,
    "access_hash" BYTEA NOT NULL,
    "access_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_tokens" (
    "hash" BYTEA NOT NULL,
    "session_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "one_time_tokens" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" "one_time_token_kind" NOT NULL,
    "hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "one_time_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "addresses" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "address_cipher" BYTEA NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "addresses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "products" (
    "id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    -- People sort Äpfel, apple, Zebra; bytes would say Zebra, apple, Äpfel.
    "title" TEXT COLLATE "und-x-icu" NOT NULL,
    "description_html" TEXT NOT NULL DEFAULT '',
    "vendor" TEXT,
    "product_type" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "status" "product_status" NOT NULL DEFAULT 'DRAFT',
    "available" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_options" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "values" TEXT[],

    CONSTRAINT "product_options_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "variants" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "sku" TEXT,
    "title" TEXT NOT NULL,
    "option_values" TEXT[],
    "image_url" TEXT,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "variants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prices" (
    "variant_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'default',
    "amount" BIGINT NOT NULL,
    "compare_at" BIGINT,

    CONSTRAINT "prices_pkey" PRIMARY KEY ("variant_id","currency","channel")
);

-- CreateTable
CREATE TABLE "product_price_ranges" (
    "product_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "min_amount" BIGINT NOT NULL,
    "max_amount" BIGINT NOT NULL,

    CONSTRAINT "product_price_ranges_pkey" PRIMARY KEY ("product_id","currency")
);

-- CreateTable
CREATE TABLE "images" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "alt_text" TEXT,
    "width" INTEGER,
    "height" INTEGER,

    CONSTRAINT "images_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "collections" (
    "id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    -- People sort Äpfel, apple, Zebra; bytes would say Zebra, apple, Äpfel.
    "title" TEXT COLLATE "und-x-icu" NOT NULL,
    "description_html" TEXT NOT NULL DEFAULT '',
    "parent_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "collections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_collections" (
    "product_id" UUID NOT NULL,
    "collection_id" UUID NOT NULL,

    CONSTRAINT "product_collections_pkey" PRIMARY KEY ("product_id","collection_id")
);

-- CreateTable
CREATE TABLE "stocks" (
    "variant_id" UUID NOT NULL,
    "location" TEXT NOT NULL DEFAULT 'default',
    "tracked" BOOLEAN NOT NULL DEFAULT true,
    "oversell" BOOLEAN NOT NULL DEFAULT false,
    "on_hand" INTEGER NOT NULL DEFAULT 0,
    "reserved" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "stocks_pkey" PRIMARY KEY ("variant_id","location")
);

-- CreateTable
CREATE TABLE "stock_movements" (
    "id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "location" TEXT NOT NULL DEFAULT 'default',
    "kind" "stock_movement_kind" NOT NULL,
    "on_hand_delta" INTEGER NOT NULL DEFAULT 0,
    "reserved_delta" INTEGER NOT NULL DEFAULT 0,
    "order_id" UUID,
    "actor_id" UUID,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stock_movements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "search_documents" (
    "product_id" UUID NOT NULL,
    "document" tsvector NOT NULL,
    "options" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "search_documents_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "search_words" (
    -- Compared byte by byte, so that the primary key answers LIKE 'pre%' too, whatever the database's collation is.
    "word" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "search_words_pkey" PRIMARY KEY ("word")
);

-- CreateTable
CREATE TABLE "carts" (
    "id" UUID NOT NULL,
    "account_id" UUID,
    "data_key_id" UUID,
    "currency" CHAR(3) NOT NULL,
    "state" "cart_state" NOT NULL DEFAULT 'ACTIVE',
    "email_cipher" BYTEA,
    "shipping_cipher" BYTEA,
    "billing_cipher" BYTEA,
    "shipping_country" CHAR(2),
    "delivery_handle" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "carts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cart_lines" (
    "id" UUID NOT NULL,
    "cart_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,
    "seen_amount" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cart_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_zones" (
    "id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "countries" TEXT[],
    "tax_label" TEXT NOT NULL,
    "tax_rate" INTEGER NOT NULL,
    "tax_included" BOOLEAN NOT NULL,

    CONSTRAINT "delivery_zones_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_options" (
    "id" UUID NOT NULL,
    "zone_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "delivery_options_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_rates" (
    "option_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "free_above" BIGINT,

    CONSTRAINT "delivery_rates_pkey" PRIMARY KEY ("option_id","currency")
);

-- CreateTable
CREATE TABLE "reservations" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "variant_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,
    "state" "reservation_state" NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reservations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "cart_id" UUID NOT NULL,
    "account_id" UUID,
    "data_key_id" UUID NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "status" "order_status" NOT NULL,
    "payment_status" "payment_status" NOT NULL,
    "email_cipher" BYTEA,
    "email_index" BYTEA,
    "shipping_cipher" BYTEA,
    "billing_cipher" BYTEA,
    "shipping_country" CHAR(2),
    "delivery_handle" TEXT,
    "delivery_title" TEXT,
    "rounding_policy" TEXT NOT NULL,
    "tax_included" BOOLEAN NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "shipping" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_lines" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "variant_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "sku" TEXT,
    "quantity" INTEGER NOT NULL,
    "unit_amount" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,

    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "adjustments" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "order_line_id" UUID,
    "kind" "adjustment_kind" NOT NULL,
    "source" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "rate" INTEGER,
    "base" BIGINT,
    "amount" BIGINT NOT NULL,
    "included" BOOLEAN NOT NULL,

    CONSTRAINT "adjustments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_events" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "token_cipher" BYTEA NOT NULL,
    "save_method" BOOLEAN NOT NULL DEFAULT false,
    "brand" TEXT,
    "last4" TEXT,
    "expiry_month" INTEGER,
    "expiry_year" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_operations" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "kind" "payment_operation_kind" NOT NULL,
    "status" "payment_operation_status" NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "provider_reference" TEXT,
    "idempotency_key" TEXT NOT NULL,
    "reason" TEXT,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_methods" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "token_cipher" BYTEA NOT NULL,
    "brand" TEXT,
    "last4" TEXT,
    "expiry_month" INTEGER,
    "expiry_year" INTEGER,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_methods_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_accounts" (
    "type" "ledger_account_type" NOT NULL,
    "currency" CHAR(3) NOT NULL,

    CONSTRAINT "ledger_accounts_pkey" PRIMARY KEY ("type","currency")
);

-- CreateTable
CREATE TABLE "ledger_transactions" (
    "id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_transactions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entries" (
    "id" UUID NOT NULL,
    "transaction_id" UUID NOT NULL,
    "account_type" "ledger_account_type" NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "ledger_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_records" (
    "actor" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "state" "idempotency_state" NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_records_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "outbox_events" (
    "id" UUID NOT NULL,
    "transaction_id" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "type" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outbox_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_index_key" ON "accounts"("email_index");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_access_hash_key" ON "sessions"("access_hash");

-- CreateIndex
CREATE INDEX "sessions_account_id_idx" ON "sessions"("account_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_session_id_idx" ON "refresh_tokens"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_time_tokens_hash_key" ON "one_time_tokens"("hash");

-- CreateIndex
CREATE INDEX "one_time_tokens_account_id_idx" ON "one_time_tokens"("account_id");

-- CreateIndex
CREATE INDEX "addresses_account_id_idx" ON "addresses"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "products_handle_key" ON "products"("handle");

-- CreateIndex
CREATE INDEX "products_title_id_idx" ON "products"("title", "id");

-- CreateIndex
CREATE INDEX "products_created_at_id_idx" ON "products"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "product_options_product_id_name_key" ON "product_options"("product_id", "name");

-- CreateIndex
CREATE INDEX "variants_product_id_position_idx" ON "variants"("product_id", "position");

-- CreateIndex
CREATE INDEX "variants_sku_idx" ON "variants"("sku");

-- CreateIndex
CREATE INDEX "product_price_ranges_currency_min_amount_product_id_idx" ON "product_price_ranges"("currency", "min_amount", "product_id");

-- CreateIndex
CREATE INDEX "images_product_id_position_idx" ON "images"("product_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "collections_handle_key" ON "collections"("handle");

-- CreateIndex
CREATE INDEX "collections_parent_id_title_id_idx" ON "collections"("parent_id", "title", "id");

-- CreateIndex
CREATE INDEX "product_collections_collection_id_product_id_idx" ON "product_collections"("collection_id", "product_id");

-- CreateIndex
CREATE INDEX "stock_movements_variant_id_idx" ON "stock_movements"("variant_id");

-- CreateIndex
CREATE INDEX "search_documents_document_idx" ON "search_documents" USING GIN ("document");

-- CreateIndex
CREATE INDEX "search_words_word_trgm_idx" ON "search_words" USING GIN ("word" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "cart_lines_cart_id_variant_id_key" ON "cart_lines"("cart_id", "variant_id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_zones_handle_key" ON "delivery_zones"("handle");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_options_zone_id_handle_key" ON "delivery_options"("zone_id", "handle");

-- CreateIndex
CREATE INDEX "reservations_order_id_idx" ON "reservations"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_number_key" ON "orders"("number");

-- CreateIndex
CREATE UNIQUE INDEX "orders_cart_id_key" ON "orders"("cart_id");

-- CreateIndex
CREATE INDEX "orders_account_id_placed_at_id_idx" ON "orders"("account_id", "placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_placed_at_id_idx" ON "orders"("placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_status_placed_at_id_idx" ON "orders"("status", "placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_payment_status_placed_at_id_idx" ON "orders"("payment_status", "placed_at", "id");

-- CreateIndex
CREATE INDEX "orders_email_index_idx" ON "orders"("email_index");

-- CreateIndex
CREATE INDEX "order_lines_order_id_position_idx" ON "order_lines"("order_id", "position");

-- CreateIndex
CREATE INDEX "order_lines_sku_idx" ON "order_lines"("sku");

-- CreateIndex
CREATE INDEX "adjustments_order_id_idx" ON "adjustments"("order_id");

-- CreateIndex
CREATE INDEX "order_events_order_id_id_idx" ON "order_events"("order_id", "id");

-- CreateIndex
CREATE INDEX "payments_order_id_idx" ON "payments"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_operations_idempotency_key_key" ON "payment_operations"("idempotency_key");

-- CreateIndex
CREATE INDEX "payment_operations_payment_id_idx" ON "payment_operations"("payment_id");

-- CreateIndex
CREATE INDEX "payment_operations_order_id_idx" ON "payment_operations"("order_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_operations_provider_kind_provider_reference_key" ON "payment_operations"("provider", "kind", "provider_reference");

-- CreateIndex
CREATE INDEX "payment_methods_account_id_idx" ON "payment_methods"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transactions_operation_id_key" ON "ledger_transactions"("operation_id");

-- CreateIndex
CREATE INDEX "ledger_transactions_order_id_idx" ON "ledger_transactions"("order_id");

-- CreateIndex
CREATE INDEX "ledger_entries_transaction_id_idx" ON "ledger_entries"("transaction_id");

-- CreateIndex
CREATE INDEX "ledger_entries_account_type_currency_idx" ON "ledger_entries"("account_type", "currency");

-- CreateIndex
CREATE INDEX "outbox_events_transaction_id_id_idx" ON "outbox_events"("transaction_id", "id");

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_options" ADD CONSTRAINT "product_options_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "variants" ADD CONSTRAINT "variants_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prices" ADD CONSTRAINT "prices_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "variants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_price_ranges" ADD CONSTRAINT "product_price_ranges_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "images" ADD CONSTRAINT "images_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collections" ADD CONSTRAINT "collections_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "collections"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_collections" ADD CONSTRAINT "product_collections_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product_collections" ADD CONSTRAINT "product_collections_collection_id_fkey" FOREIGN KEY ("collection_id") REFERENCES "collections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stocks" ADD CONSTRAINT "stocks_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "variants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "variants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "search_documents" ADD CONSTRAINT "search_documents_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carts" ADD CONSTRAINT "carts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carts" ADD CONSTRAINT "carts_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_keys"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_cart_id_fkey" FOREIGN KEY ("cart_id") REFERENCES "carts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "variants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_options" ADD CONSTRAINT "delivery_options_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "delivery_zones"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_rates" ADD CONSTRAINT "delivery_rates_option_id_fkey" FOREIGN KEY ("option_id") REFERENCES "delivery_options"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "variants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_cart_id_fkey" FOREIGN KEY ("cart_id") REFERENCES "carts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "variants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adjustments" ADD CONSTRAINT "adjustments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adjustments" ADD CONSTRAINT "adjustments_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_lines"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_operations" ADD CONSTRAINT "payment_operations_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_operations" ADD CONSTRAINT "payment_operations_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_transactions" ADD CONSTRAINT "ledger_transactions_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "payment_operations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "ledger_transactions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_account_type_currency_fkey" FOREIGN KEY ("account_type", "currency") REFERENCES "ledger_accounts"("type", "currency") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ------------------------------------------------------------------ numbers

-- A first order called 1 tells every buyer how young the shop is.
ALTER SEQUENCE "orders_number_seq" START WITH 1001 RESTART WITH 1001;

-- ----------------------------------------------- uniqueness within a state

-- Archived variants keep their SKU for the orders that hold them; live ones may not share one.
CREATE UNIQUE INDEX "variants_sku_live_key" ON "variants"("sku") WHERE "archived_at" IS NULL AND "sku" IS NOT NULL;

-- An account has one cart it is filling; ordered, merged and abandoned ones pile up beside it.
CREATE UNIQUE INDEX "carts_account_id_active_key" ON "carts"("account_id") WHERE "state" = 'ACTIVE';

-- Never two attempts to take money for one order at once: the second checkout meets this index, whatever the code does.
CREATE UNIQUE INDEX "payment_operations_order_id_open_key" ON "payment_operations"("order_id")
    WHERE "kind" = 'AUTHORIZE' AND "status" IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN');

-- The reconciler asks for operations whose lease ran out; settled ones, nearly all, stay out of the index.
CREATE INDEX "payment_operations_lease_until_idx" ON "payment_operations"("lease_until") WHERE "status" IN ('PENDING', 'UNKNOWN');

-- Collections are completed by any word of their title. Products have their search document for it.
CREATE INDEX "collections_title_words_idx" ON "collections" USING GIN (to_tsvector('tillgraph_words', search_text("title")));

-- ------------------------------------------------- invariants of single rows

-- Tracked stock that is not sold beyond what is there can never be promised twice.
ALTER TABLE "stocks" ADD CONSTRAINT "stocks_reserved_check"
    CHECK ("reserved" >= 0 AND (NOT "tracked" OR "oversell" OR "reserved" <= "on_hand"));

-- A line holds 1 to 999 pieces; a line of none is deleted.
ALTER TABLE "cart_lines" ADD CONSTRAINT "cart_lines_quantity_check" CHECK ("quantity" BETWEEN 1 AND 999);
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_quantity_check" CHECK ("quantity" > 0);

-- Amounts go out as JSON numbers, which are exact below 2^53 only.
ALTER TABLE "prices"
    ADD CONSTRAINT "prices_amount_check" CHECK ("amount" >= 0 AND "amount" < 9007199254740992),
    ADD CONSTRAINT "prices_compare_at_check" CHECK ("compare_at" >= 0 AND "compare_at" < 9007199254740992),
    ADD CONSTRAINT "prices_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "product_price_ranges"
    ADD CONSTRAINT "product_price_ranges_amount_check" CHECK ("min_amount" >= 0 AND "min_amount" <= "max_amount");

-- A delivery costs nothing or something; a rate of 1000000 parts per million is 100 %.
ALTER TABLE "delivery_rates"
    ADD CONSTRAINT "delivery_rates_amount_check" CHECK ("amount" >= 0 AND "free_above" >= 0),
    ADD CONSTRAINT "delivery_rates_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "delivery_zones" ADD CONSTRAINT "delivery_zones_tax_rate_check" CHECK ("tax_rate" BETWEEN 0 AND 1000000);
ALTER TABLE "adjustments" ADD CONSTRAINT "adjustments_rate_check" CHECK ("rate" BETWEEN 0 AND 1000000);

ALTER TABLE "carts" ADD CONSTRAINT "carts_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');

-- A stored order adds up, whoever wrote it; tax that prices contain is shown, not added.
ALTER TABLE "orders"
    ADD CONSTRAINT "orders_amounts_check" CHECK ("subtotal" >= 0 AND "discount" >= 0 AND "shipping" >= 0 AND "tax" >= 0 AND "total" >= 0),
    ADD CONSTRAINT "orders_total_check"
        CHECK ("total" = "subtotal" - "discount" + "shipping" + (CASE WHEN "tax_included" THEN 0 ELSE "tax" END)),
    ADD CONSTRAINT "orders_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "order_lines"
    ADD CONSTRAINT "order_lines_quantity_check" CHECK ("quantity" > 0),
    ADD CONSTRAINT "order_lines_total_check" CHECK ("unit_amount" >= 0 AND "total" = "unit_amount" * "quantity");

ALTER TABLE "payments"
    ADD CONSTRAINT "payments_amount_check" CHECK ("amount" >= 0),
    ADD CONSTRAINT "payments_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "payment_operations"
    ADD CONSTRAINT "payment_operations_amount_check" CHECK ("amount" >= 0),
    ADD CONSTRAINT "payment_operations_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_currency_check" CHECK ("currency" ~ '^[A-Z]{3}$');

-- ------------------------------------------------------------------ the books

-- Debits and credits meet: checked when the business transaction commits, because entries are written one by one.
CREATE FUNCTION "ledger_must_balance"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    posting uuid := CASE WHEN TG_TABLE_NAME = 'ledger_transactions' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'transaction_id')::uuid END;
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entries WHERE transaction_id = posting) THEN
        RAISE EXCEPTION 'ledger transaction % has no entries', posting USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM ledger_entries WHERE transaction_id = posting GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', posting USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "ledger_transactions_balance" AFTER INSERT ON "ledger_transactions"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "ledger_must_balance"();

-- An entry added to an older transaction would unbalance it just as well.
CREATE CONSTRAINT TRIGGER "ledger_entries_balance" AFTER INSERT ON "ledger_entries"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "ledger_must_balance"();

-- History is appended to: what happened is corrected by a reverse row, never by editing. Holds for the owner too.
CREATE FUNCTION "refuse_rewrite"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "ledger_transactions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_transactions"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewrite"();
CREATE TRIGGER "ledger_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewrite"();
CREATE TRIGGER "stock_movements_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "stock_movements"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewrite"();
CREATE TRIGGER "outbox_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "outbox_events"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewrite"();

-- The outcome of an operation at the provider is final; a later change of mind is another operation.
CREATE FUNCTION "refuse_change_of_outcome"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payment operation % is % and stays so', OLD.id, OLD.status USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "payment_operations_terminal" BEFORE UPDATE OR DELETE ON "payment_operations"
    FOR EACH ROW WHEN (OLD.status IN ('SUCCEEDED', 'FAILED')) EXECUTE FUNCTION "refuse_change_of_outcome"();

-- --------------------------------------------------------------- availability

-- products.available says that some live variant can be sold. The product's row is locked before looking: of two buyers who
-- take the last of two variants at once, the later one then sees what the earlier did. The lock is taken only when a variant
-- starts or stops being sellable (the WHEN conditions below), so an ordinary reservation pays nothing.
CREATE FUNCTION "refresh_available"("product" uuid) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sellable boolean;
BEGIN
    PERFORM FROM products WHERE id = product FOR NO KEY UPDATE;
    sellable := EXISTS (
        SELECT FROM variants v JOIN stocks s ON s.variant_id = v.id
        WHERE v.product_id = product AND v.archived_at IS NULL
            AND (NOT s.tracked OR s.oversell OR s.on_hand - s.reserved > 0));
    UPDATE products SET available = sellable WHERE id = product AND available <> sellable;
END $$;

CREATE FUNCTION "stock_changes_available"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM refresh_available(product_id) FROM variants
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.variant_id ELSE NEW.variant_id END;
    RETURN NULL;
END $$;

CREATE TRIGGER "stocks_available_insert" AFTER INSERT ON "stocks" FOR EACH ROW
    WHEN (NOT NEW.tracked OR NEW.oversell OR NEW.on_hand - NEW.reserved > 0)
    EXECUTE FUNCTION "stock_changes_available"();
CREATE TRIGGER "stocks_available_update" AFTER UPDATE OF "tracked", "oversell", "on_hand", "reserved" ON "stocks" FOR EACH ROW
    WHEN ((NOT NEW.tracked OR NEW.oversell OR NEW.on_hand - NEW.reserved > 0)
        <> (NOT OLD.tracked OR OLD.oversell OR OLD.on_hand - OLD.reserved > 0))
    EXECUTE FUNCTION "stock_changes_available"();
CREATE TRIGGER "stocks_available_delete" AFTER DELETE ON "stocks" FOR EACH ROW
    WHEN (NOT OLD.tracked OR OLD.oversell OR OLD.on_hand - OLD.reserved > 0)
    EXECUTE FUNCTION "stock_changes_available"();

-- A new variant has no stock row yet, so its insert changes nothing; its stock's insert does.
CREATE FUNCTION "variant_changes_available"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM refresh_available(NEW.product_id);
    RETURN NULL;
END $$;

CREATE TRIGGER "variants_available" AFTER UPDATE OF "archived_at" ON "variants" FOR EACH ROW
    WHEN ((NEW.archived_at IS NULL) <> (OLD.archived_at IS NULL))
    EXECUTE FUNCTION "variant_changes_available"();

-- -------------------------------------------------------------- locking a cart

-- Locks a cart and tells what it is after the lock was had: whether a payment for it is under way, and its lines. A statement that
-- waited for the lock would itself still look at what it saw before; a volatile function looks anew. So a cart's change can lock,
-- check and write in one statement, and a checkout that got there first is noticed.
CREATE FUNCTION "lock_cart"("cart" uuid)
    RETURNS TABLE ("id" uuid, "account_id" uuid, "data_key_id" uuid, "currency" text, "state" "cart_state", "frozen" boolean, "lines" jsonb)
    LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
BEGIN
    SELECT * INTO held FROM carts c WHERE c.id = cart FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT held.id, held.account_id, held.data_key_id, held.currency::text, held.state,
        EXISTS (SELECT FROM orders o JOIN payment_operations p ON p.order_id = o.id
            WHERE o.cart_id = cart AND p.kind = 'AUTHORIZE' AND p.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')),
        coalesce((SELECT jsonb_agg(jsonb_build_object('id', l.id, 'variant', l.variant_id, 'quantity', l.quantity))
            FROM cart_lines l WHERE l.cart_id = cart), '[]');
END $$;

-- ------------------------------------------------------- the sandbox provider

-- The sandbox payment provider's own books, as a real provider would keep them at its place: apart from the shop's tables,
-- without foreign keys to them, and answering to the key the shop asks with.
CREATE SCHEMA "sandbox";
CREATE TABLE "sandbox"."charges" (
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "token" TEXT,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "reference" TEXT,
    "parent_reference" TEXT,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "charges_pkey" PRIMARY KEY ("key"),
    CONSTRAINT "charges_reference_key" UNIQUE ("reference"),
    CONSTRAINT "charges_amount_check" CHECK ("amount" >= 0)
);
