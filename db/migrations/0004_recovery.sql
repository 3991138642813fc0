CREATE TABLE "recovery_journal" (
	"chain" text NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"message" text NOT NULL,
	"operation_id" text,
	"detail" json NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "recovery_journal_chain_seq_pk" PRIMARY KEY("chain","seq")
);
