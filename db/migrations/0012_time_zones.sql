-- The days of rollups were PostgreSQL's: those of projects whose clocks are changed are made anew. UTC's are the same.
ALTER TABLE "rollup_projects" ADD COLUMN "zone_version" text NOT NULL DEFAULT '';--> statement-breakpoint
ALTER TABLE "rollup_projects" ADD COLUMN "zone_changes" timestamp with time zone[] NOT NULL DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "rollup_projects" ADD COLUMN "zone_offsets" integer[] NOT NULL DEFAULT '{0}';--> statement-breakpoint
UPDATE "rollup_projects" SET "zone_version" = 'Rw4YZYuBaanCoMg26IuT-l76ePcDDv2eLPwgEsb0wJ0' WHERE "timezone" = 'UTC';--> statement-breakpoint
ALTER TABLE "rollup_projects" ALTER COLUMN "zone_version" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "rollup_projects" ALTER COLUMN "zone_changes" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "rollup_projects" ALTER COLUMN "zone_offsets" DROP DEFAULT;
