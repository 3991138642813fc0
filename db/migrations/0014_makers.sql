ALTER TABLE "metric_alerts" ADD COLUMN "saved_by" text;--> statement-breakpoint
ALTER TABLE "surveys" ADD COLUMN "saved_by" text;