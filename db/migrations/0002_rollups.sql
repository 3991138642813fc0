CREATE TYPE "public"."rollup_grain" AS ENUM('hour', 'day', 'week');--> statement-breakpoint
CREATE TYPE "public"."rollup_source" AS ENUM('any', 'event', 'page', 'feature', 'stage', 'step', 'response');--> statement-breakpoint
CREATE TYPE "public"."rollup_subject" AS ENUM('user', 'session');--> statement-breakpoint
CREATE TABLE "rollup_agent_bits" (
	"project_id" uuid NOT NULL,
	"subject" "rollup_subject" NOT NULL,
	"agent_id" integer NOT NULL,
	"plane" smallint NOT NULL,
	"chunk" integer NOT NULL,
	"bits" bit(16384) NOT NULL,
	CONSTRAINT "rollup_agent_bits_project_id_subject_agent_id_plane_chunk_pk" PRIMARY KEY("project_id","subject","agent_id","plane","chunk")
);
--> statement-breakpoint
CREATE TABLE "rollup_agents" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollup_agents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"project_id" uuid NOT NULL,
	"device" text NOT NULL,
	"browser" text NOT NULL,
	"os" text NOT NULL,
	CONSTRAINT "rollup_agents_project_id_device_browser_os_unique" UNIQUE("project_id","device","browser","os")
);
--> statement-breakpoint
CREATE TABLE "rollup_bits" (
	"project_id" uuid NOT NULL,
	"subject" "rollup_subject" NOT NULL,
	"grain" "rollup_grain" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"class_id" integer NOT NULL,
	"plane" smallint NOT NULL,
	"chunk" integer NOT NULL,
	"bits" bit(16384) NOT NULL,
	CONSTRAINT "rollup_bits_project_id_subject_grain_class_id_at_plane_chunk_pk" PRIMARY KEY("project_id","subject","grain","class_id","at","plane","chunk")
);
--> statement-breakpoint
CREATE TABLE "rollup_classes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollup_classes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"project_id" uuid NOT NULL,
	"source" "rollup_source" NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"category" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_counts" (
	"project_id" uuid NOT NULL,
	"grain" "rollup_grain" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"class_id" integer NOT NULL,
	"agent_id" integer NOT NULL,
	"records" bigint NOT NULL,
	"duration_ms" bigint NOT NULL,
	"durations" bigint NOT NULL,
	"successes" bigint NOT NULL,
	"failures" bigint NOT NULL,
	CONSTRAINT "rollup_counts_project_id_grain_class_id_at_agent_id_pk" PRIMARY KEY("project_id","grain","class_id","at","agent_id")
);
--> statement-breakpoint
CREATE TABLE "rollup_progress" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"next_transaction" "xid8" NOT NULL,
	"advanced_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_projects" (
	"project_id" uuid PRIMARY KEY NOT NULL,
	"timezone" text NOT NULL,
	"users" integer DEFAULT 0 NOT NULL,
	"sessions" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_visitors" (
	"project_id" uuid NOT NULL,
	"subject" "rollup_subject" NOT NULL,
	"key" text NOT NULL,
	"agent_id" integer NOT NULL,
	"ordinal" integer NOT NULL,
	"plane" smallint NOT NULL,
	CONSTRAINT "rollup_visitors_project_id_subject_key_agent_id_pk" PRIMARY KEY("project_id","subject","key","agent_id")
);
--> statement-breakpoint
CREATE INDEX "rollup_agent_bits_project_id_subject_chunk_plane_index" ON "rollup_agent_bits" USING btree ("project_id","subject","chunk","plane");--> statement-breakpoint
CREATE UNIQUE INDEX "rollup_classes_values_index" ON "rollup_classes" USING btree ("project_id","source",md5("name"),"type","category");--> statement-breakpoint
INSERT INTO "rollup_progress" ("next_transaction") VALUES ('0');--> statement-breakpoint
-- Compressed, but never moved out of their row.
ALTER TABLE "rollup_bits" ALTER COLUMN "bits" SET STORAGE MAIN;--> statement-breakpoint
ALTER TABLE "rollup_agent_bits" ALTER COLUMN "bits" SET STORAGE MAIN;
