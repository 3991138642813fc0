CREATE TYPE "public"."metric_condition" AS ENUM('above', 'below', 'rises', 'falls');--> statement-breakpoint
CREATE TABLE "metric_alerts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"metric" jsonb NOT NULL,
	"condition" "metric_condition" NOT NULL,
	"bound" double precision NOT NULL,
	"window_hours" integer NOT NULL,
	"at_least" integer NOT NULL,
	"active" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "metric_alerts_name_check" CHECK (char_length("metric_alerts"."name") between 1 and 100),
	CONSTRAINT "metric_alerts_window_hours_check" CHECK ("metric_alerts"."window_hours" between 1 and 2160),
	CONSTRAINT "metric_alerts_at_least_check" CHECK ("metric_alerts"."at_least" between 1 and 1000000)
);
--> statement-breakpoint
ALTER TABLE "metric_alerts" ADD CONSTRAINT "metric_alerts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "metric_alerts_project_id_index" ON "metric_alerts" USING btree ("project_id");