ALTER TABLE "projects" ADD COLUMN "drop_bots" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "allowed_agents" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "hash_routes" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_funnels" ADD COLUMN "saved_by" text;