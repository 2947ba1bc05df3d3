-- CreateEnum
CREATE TYPE "provider_event_state" AS ENUM ('RECEIVED', 'PROCESSED', 'IGNORED', 'REVIEW');

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "restocked_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "payment_operations" ADD COLUMN     "restock" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "payments" ADD COLUMN     "authorized" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "capture" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "captured" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "capturing" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "refunded" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "refunding" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "return_url_cipher" BYTEA,
ADD COLUMN     "surplus" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "voided" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "voiding" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "provider_customers" (
    "account_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_customers_pkey" PRIMARY KEY ("account_id","provider")
);

-- CreateTable
CREATE TABLE "provider_events" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "told" JSONB,
    "state" "provider_event_state" NOT NULL,
    "note" TEXT,
    "operation_id" UUID,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "provider_events_provider_event_id_key" ON "provider_events"("provider", "event_id");

-- AddForeignKey
ALTER TABLE "provider_customers" ADD CONSTRAINT "provider_customers_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ------------------------------------------------------ one movement, one row

-- What a provider names is booked once. An attempt that failed doesn't count: should its money come after all, it is booked as one of its own.
DROP INDEX "payment_operations_provider_kind_provider_reference_key";
CREATE UNIQUE INDEX "payment_operations_provider_reference_key" ON "payment_operations"("provider", "kind", "provider_reference")
    WHERE "status" <> 'FAILED';

-- ------------------------------------------------------ how much of a payment

-- A payment's sums follow its operations, whoever writes those. Counted anew each time instead of added to: one statement may settle
-- several operations, in no order. The payment's row is locked before looking, so that of two writers the later one sees what the earlier did.
CREATE FUNCTION "payment_sums_follow"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM payments WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    UPDATE payments SET authorized = sums.authorized, captured = sums.captured, voided = sums.voided, refunded = sums.refunded,
        capturing = sums.capturing, voiding = sums.voiding, refunding = sums.refunding
    FROM (
        SELECT coalesce(sum(amount) FILTER (WHERE kind = 'AUTHORIZE' AND done), 0) AS authorized,
            coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND done), 0) AS captured,
            coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND done), 0) AS voided,
            coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND done), 0) AS refunded,
            coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND NOT done), 0) AS capturing,
            coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND NOT done), 0) AS voiding,
            coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND NOT done), 0) AS refunding
        FROM (SELECT kind, amount, status = 'SUCCEEDED' AS done FROM payment_operations
            WHERE payment_id = NEW.payment_id AND status <> 'FAILED') counted
    ) sums
    WHERE id = NEW.payment_id;
    RETURN NULL;
END $$;

-- An authorisation that is still being asked for is nothing to count yet.
CREATE TRIGGER "payment_operations_sums_insert" AFTER INSERT ON "payment_operations" FOR EACH ROW
    WHEN (NEW.kind <> 'AUTHORIZE' OR NEW.status = 'SUCCEEDED') EXECUTE FUNCTION "payment_sums_follow"();
CREATE TRIGGER "payment_operations_sums_update" AFTER UPDATE OF "status" ON "payment_operations" FOR EACH ROW
    WHEN (NEW.status <> OLD.status AND (NEW.kind <> 'AUTHORIZE' OR NEW.status = 'SUCCEEDED'))
    EXECUTE FUNCTION "payment_sums_follow"();

UPDATE payments SET authorized = sums.authorized, captured = sums.captured, voided = sums.voided, refunded = sums.refunded
FROM (
    SELECT payment_id, coalesce(sum(amount) FILTER (WHERE kind = 'AUTHORIZE'), 0) AS authorized,
        coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE'), 0) AS captured,
        coalesce(sum(amount) FILTER (WHERE kind = 'VOID'), 0) AS voided, coalesce(sum(amount) FILTER (WHERE kind = 'REFUND'), 0) AS refunded
    FROM payment_operations WHERE status = 'SUCCEEDED' GROUP BY payment_id
) sums
WHERE id = sums.payment_id;

-- The last wall: nothing is captured that was not authorised, nothing refunded that was not captured, and what is under way counts.
ALTER TABLE "payments"
    ADD CONSTRAINT "payments_captured_check" CHECK ("captured" + "voided" + "capturing" + "voiding" <= "authorized"),
    ADD CONSTRAINT "payments_refunded_check" CHECK ("refunded" + "refunding" <= "captured");

-- -------------------------------------------------------------- what is due

-- Whoever looks for what was left open finds it here: settled operations, nearly all, stay out of the index.
DROP INDEX "payment_operations_lease_until_idx";
CREATE INDEX "payment_operations_lease_until_idx" ON "payment_operations"("lease_until")
    WHERE "status" IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN');
CREATE INDEX "reservations_expires_at_held_idx" ON "reservations"("expires_at") WHERE "state" = 'HELD';
CREATE INDEX "provider_events_waiting_idx" ON "provider_events"("received_at") WHERE "state" IN ('RECEIVED', 'REVIEW');
-- Authorisations end by themselves after some days.
CREATE INDEX "payments_uncaptured_idx" ON "payments"("created_at")
    WHERE "authorized" > "captured" + "voided" + "capturing" + "voiding";
-- A request's record is found by the operation it waits for.
CREATE INDEX "idempotency_records_running_idx" ON "idempotency_records"(("outcome" ->> 'operationId')) WHERE "state" = 'RUNNING';
