CREATE TABLE "surveys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"survey" "survey" NOT NULL,
	"question" text NOT NULL,
	"follow_up" text,
	"page" text DEFAULT '*' NOT NULL,
	"delay_seconds" integer NOT NULL,
	"every_days" integer NOT NULL,
	"active" boolean NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "surveys_question_check" CHECK (char_length("surveys"."question") between 1 and 300),
	CONSTRAINT "surveys_follow_up_check" CHECK (char_length("surveys"."follow_up") between 1 and 300),
	CONSTRAINT "surveys_page_check" CHECK (char_length("surveys"."page") <= 200 and "surveys"."page" ~ '^[/*]'),
	CONSTRAINT "surveys_delay_seconds_check" CHECK ("surveys"."delay_seconds" between 0 and 600),
	CONSTRAINT "surveys_every_days_check" CHECK ("surveys"."every_days" between 1 and 365)
);
--> statement-breakpoint
ALTER TABLE "surveys" ADD CONSTRAINT "surveys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "surveys_project_id_index" ON "surveys" USING btree ("project_id");