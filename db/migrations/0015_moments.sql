CREATE TABLE "rollup_moments" (
	"project_id" uuid NOT NULL,
	"class_id" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"agent_id" integer NOT NULL,
	"part" integer NOT NULL,
	"moments" bigint[] NOT NULL,
	CONSTRAINT "rollup_moments_project_id_class_id_at_agent_id_part_pk" PRIMARY KEY("project_id","class_id","at","agent_id","part")
);
--> statement-breakpoint
-- Read whole, and often: not compressed.
ALTER TABLE "rollup_moments" ALTER COLUMN "moments" SET STORAGE EXTERNAL;--> statement-breakpoint
-- The rollups are made anew: what they hold lacks moments. The mark first: whoever adds to them holds it.
UPDATE rollup_progress SET next_transaction = '0';--> statement-breakpoint
TRUNCATE rollup_bits, rollup_agent_bits, rollup_counts, rollup_durations, rollup_visitors, rollup_agents, rollup_classes, rollup_projects;
