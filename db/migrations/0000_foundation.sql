CREATE TYPE "public"."key_kind" AS ENUM('write', 'secret');--> statement-breakpoint
CREATE TYPE "public"."role" AS ENUM('viewer', 'operator', 'admin');--> statement-breakpoint
CREATE TYPE "public"."feature_action" AS ENUM('opened', 'used', 'completed');--> statement-breakpoint
CREATE TYPE "public"."survey" AS ENUM('nps', 'csat', 'ces');--> statement-breakpoint
CREATE TABLE "dropped_records" (
	"project_id" uuid NOT NULL,
	"day" date NOT NULL,
	"reason" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "dropped_records_project_id_day_reason_pk" PRIMARY KEY("project_id","day","reason")
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" "key_kind" NOT NULL,
	"name" text NOT NULL,
	"hint" text NOT NULL,
	"hash" text NOT NULL,
	"rate_per_second" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"allowed_origins" text[] DEFAULT '{}'::text[] NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"retention_days" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"role" "role" NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "conversion_funnels" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"anonymous_id" text,
	"session_id" text,
	"device" text,
	"browser" text,
	"os" text,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"funnel" text NOT NULL,
	"run_id" text NOT NULL,
	"stage" text,
	"stage_order" smallint,
	"completed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "conversion_funnels_project_id_user_id_occurred_at_id_pk" PRIMARY KEY("project_id","user_id","occurred_at","id")
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
CREATE TABLE "feature_usage" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"anonymous_id" text,
	"session_id" text,
	"device" text,
	"browser" text,
	"os" text,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"feature" text NOT NULL,
	"category" text,
	"action" "feature_action" NOT NULL,
	"duration_ms" integer,
	"success" boolean,
	"error" text,
	CONSTRAINT "feature_usage_project_id_user_id_occurred_at_id_pk" PRIMARY KEY("project_id","user_id","occurred_at","id")
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
CREATE TABLE "record_times" (
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"id" uuid NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "record_times_project_id_user_id_id_pk" PRIMARY KEY("project_id","user_id","id")
);
--> statement-breakpoint
CREATE TABLE "user_events" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"anonymous_id" text,
	"session_id" text,
	"device" text,
	"browser" text,
	"os" text,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"name" text NOT NULL,
	"category" text,
	"page_url" text,
	"page" text,
	"page_title" text,
	"referrer" text,
	"duration_ms" integer,
	CONSTRAINT "user_events_project_id_user_id_occurred_at_id_pk" PRIMARY KEY("project_id","user_id","occurred_at","id")
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
CREATE TABLE "user_journeys" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"anonymous_id" text,
	"session_id" text,
	"device" text,
	"browser" text,
	"os" text,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"journey" text NOT NULL,
	"run_id" text NOT NULL,
	"step" text,
	"completed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "user_journeys_project_id_user_id_occurred_at_id_pk" PRIMARY KEY("project_id","user_id","occurred_at","id")
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
CREATE TABLE "user_satisfaction" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"anonymous_id" text,
	"session_id" text,
	"device" text,
	"browser" text,
	"os" text,
	"properties" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"survey" "survey" NOT NULL,
	"score" smallint NOT NULL,
	"question" text,
	"response" text,
	"context" jsonb,
	CONSTRAINT "user_satisfaction_project_id_user_id_occurred_at_id_pk" PRIMARY KEY("project_id","user_id","occurred_at","id")
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
ALTER TABLE "dropped_records" ADD CONSTRAINT "dropped_records_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "keys_project_id_index" ON "keys" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "conversion_funnels_project_id_occurred_at_index" ON "conversion_funnels" USING btree ("project_id","occurred_at");--> statement-breakpoint
CREATE INDEX "feature_usage_project_id_occurred_at_index" ON "feature_usage" USING btree ("project_id","occurred_at");--> statement-breakpoint
CREATE INDEX "record_times_received_at_index" ON "record_times" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "user_events_project_id_occurred_at_index" ON "user_events" USING btree ("project_id","occurred_at");--> statement-breakpoint
CREATE INDEX "user_journeys_project_id_occurred_at_index" ON "user_journeys" USING btree ("project_id","occurred_at");--> statement-breakpoint
CREATE INDEX "user_satisfaction_project_id_occurred_at_index" ON "user_satisfaction" USING btree ("project_id","occurred_at");