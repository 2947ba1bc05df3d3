-- The sandbox payment provider's own books, as a real provider would keep them at its place: apart from the shop's tables,
-- without foreign keys to them, and answering to the key the shop asks with.

-- A row for each call that was asked for, and for what came with it: the capture of a payment that was taken at once, the release of
-- what an authorisation left when it lapsed. "intent" is the reference of the authorisation that it belongs to, its own for one.
CREATE TABLE "sandbox"."movements" (
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "asked" BOOLEAN NOT NULL,
    "reference" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "token" TEXT,
    "capture" BOOLEAN NOT NULL,
    "order_number" TEXT,
    "return_url" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "movements_pkey" PRIMARY KEY ("key", "kind"),
    CONSTRAINT "movements_kind_reference_key" UNIQUE ("kind", "reference"),
    CONSTRAINT "movements_kind_check" CHECK ("kind" IN ('AUTHORIZE', 'CAPTURE', 'VOID', 'REFUND')),
    CONSTRAINT "movements_state_check" CHECK ("state" IN ('PENDING', 'ACTION_REQUIRED', 'SUCCEEDED', 'FAILED', 'LAPSED')),
    CONSTRAINT "movements_reason_check" CHECK (("state" = 'FAILED') = ("reason" IS NOT NULL)),
    CONSTRAINT "movements_decided_check" CHECK (("state" IN ('PENDING', 'ACTION_REQUIRED')) = ("decided_at" IS NULL)),
    CONSTRAINT "movements_intent_check" CHECK ("kind" <> 'AUTHORIZE' OR "intent" = "reference"),
    CONSTRAINT "movements_amount_check" CHECK ("amount" >= 0)
);
-- One key is one call.
CREATE UNIQUE INDEX "movements_asked_key" ON "sandbox"."movements"("key") WHERE "asked";
CREATE INDEX "movements_intent_idx" ON "sandbox"."movements"("intent");
CREATE INDEX "movements_due_at_idx" ON "sandbox"."movements"("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "movements_decided_at_idx" ON "sandbox"."movements"("decided_at", "key", "kind");

-- What the shop is told by webhook; "due_at" is null when it has been, or was given up.
CREATE TABLE "sandbox"."events" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "copies" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "events_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "events_copies_check" CHECK ("copies" > 0)
);
CREATE INDEX "events_due_at_idx" ON "sandbox"."events"("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "events_intent_idx" ON "sandbox"."events"("intent");

-- What it did before is carried over. A charge that failed had no name yet; a sale was an authorisation and its capture in one row.
INSERT INTO "sandbox"."movements" (key, kind, asked, reference, intent, amount, currency, state, reason, token, capture, due_at,
    created_at, decided_at)
SELECT key, CASE kind WHEN 'SALE' THEN 'AUTHORIZE' ELSE kind END, true, named, coalesce(parent_reference, named), amount, currency, outcome,
    reason, token, kind = 'SALE', CASE WHEN kind = 'AUTHORIZE' AND outcome = 'SUCCEEDED' THEN created_at + interval '7 days' END,
    created_at, created_at
FROM (SELECT *, coalesce(reference, 'sandbox_' || gen_random_uuid()) AS named FROM "sandbox"."charges") charges;
INSERT INTO "sandbox"."movements" (key, kind, asked, reference, intent, amount, currency, state, token, capture, created_at, decided_at)
SELECT key, 'CAPTURE', false, reference, reference, amount, currency, 'SUCCEEDED', token, false, created_at, created_at
FROM "sandbox"."charges" WHERE kind = 'SALE' AND outcome = 'SUCCEEDED';
UPDATE "sandbox"."movements" later SET token = made.token FROM "sandbox"."movements" made
WHERE later.token IS NULL AND made.reference = later.intent AND made.kind = 'AUTHORIZE';
DROP TABLE "sandbox"."charges";
