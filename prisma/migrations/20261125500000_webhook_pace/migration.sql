-- The sandbox tells how many events an intent has had by its movements: each event was entered here three times (made, taken, brought), for the
-- sake of one card. Servers of before read the table for that card.
DROP INDEX "sandbox"."events_intent_idx";
