CREATE TABLE "identities" (
	"project_id" uuid NOT NULL,
	"anonymous_id" text NOT NULL,
	"user_id" text NOT NULL,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "identities_project_id_anonymous_id_pk" PRIMARY KEY("project_id","anonymous_id")
);
--> statement-breakpoint
CREATE TABLE "saved_funnels" (
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_funnels_project_id_name_pk" PRIMARY KEY("project_id","name")
);
--> statement-breakpoint
ALTER TABLE "conversion_funnels" ADD COLUMN "transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "feature_usage" ADD COLUMN "transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "user_events" ADD COLUMN "transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "user_journeys" ADD COLUMN "transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "user_satisfaction" ADD COLUMN "transaction_id" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "saved_funnels" ADD CONSTRAINT "saved_funnels_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "identities_project_id_user_id_index" ON "identities" USING btree ("project_id","user_id");--> statement-breakpoint
CREATE INDEX "conversion_funnels_transaction_id_index" ON "conversion_funnels" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "feature_usage_transaction_id_index" ON "feature_usage" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "user_events_transaction_id_index" ON "user_events" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "user_events_project_id_name_occurred_at_user_id_index" ON "user_events" USING btree ("project_id","name","occurred_at","user_id");--> statement-breakpoint
CREATE INDEX "user_journeys_transaction_id_index" ON "user_journeys" USING btree ("transaction_id");--> statement-breakpoint
CREATE INDEX "user_satisfaction_transaction_id_index" ON "user_satisfaction" USING btree ("transaction_id");