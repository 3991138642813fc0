-- The rollups are made anew: what they hold lacks durations and runs.
TRUNCATE rollup_bits, rollup_agent_bits, rollup_counts, rollup_visitors, rollup_agents, rollup_classes, rollup_projects;--> statement-breakpoint
UPDATE rollup_progress SET next_transaction = '0';--> statement-breakpoint
ALTER TYPE "public"."rollup_source" ADD VALUE 'feature_name';--> statement-breakpoint
ALTER TYPE "public"."rollup_source" ADD VALUE 'feature_error';--> statement-breakpoint
ALTER TYPE "public"."rollup_source" ADD VALUE 'funnel_run';--> statement-breakpoint
ALTER TYPE "public"."rollup_source" ADD VALUE 'journey_run';--> statement-breakpoint
ALTER TYPE "public"."rollup_source" ADD VALUE 'journey_path';--> statement-breakpoint
ALTER TYPE "public"."rollup_source" ADD VALUE 'journey_visit';--> statement-breakpoint
CREATE TABLE "rollup_durations" (
	"project_id" uuid NOT NULL,
	"class_id" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"agent_id" integer NOT NULL,
	"sign" smallint NOT NULL,
	"part" integer NOT NULL,
	"list" bigint[] NOT NULL,
	CONSTRAINT "rollup_durations_project_id_class_id_agent_id_at_sign_part_pk" PRIMARY KEY("project_id","class_id","agent_id","at","sign","part")
);
--> statement-breakpoint
DROP INDEX "rollup_classes_values_index";--> statement-breakpoint
ALTER TABLE "rollup_bits" ADD COLUMN "count" integer GENERATED ALWAYS AS (bit_count(bits)) STORED;--> statement-breakpoint
CREATE INDEX "conversion_funnels_project_id_user_id_run_id_index" ON "conversion_funnels" USING btree ("project_id","user_id","run_id");--> statement-breakpoint
CREATE INDEX "user_journeys_project_id_user_id_run_id_index" ON "user_journeys" USING btree ("project_id","user_id","run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rollup_classes_values_index" ON "rollup_classes" USING btree ("project_id","source",md5("name"),"type",md5("category"));--> statement-breakpoint
-- Read whole, and often: not compressed.
ALTER TABLE "rollup_durations" ALTER COLUMN "list" SET STORAGE EXTERNAL;
