-- CreateTable
-- UNLOGGED: written with every request, worth nothing after a crash. Half-full pages let a row be updated where it lies.
CREATE UNLOGGED TABLE "throttle_buckets" (
    "caller" BYTEA NOT NULL,
    "points" DOUBLE PRECISION NOT NULL,
    "granted" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "throttle_buckets_pkey" PRIMARY KEY ("caller")
) WITH (fillfactor = 50);
