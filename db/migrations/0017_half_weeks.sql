-- The mark first: whoever adds to the rollups holds it.
SELECT FROM rollup_progress FOR UPDATE;--> statement-breakpoint
-- A value that is added to a type cannot be used in the same transaction: the type is made anew.
ALTER TYPE "rollup_grain" RENAME TO "rollup_grain_before";--> statement-breakpoint
CREATE TYPE "rollup_grain" AS ENUM('hour', 'day', 'half_week', 'week');--> statement-breakpoint
ALTER TABLE "rollup_counts" ALTER COLUMN "grain" TYPE "rollup_grain" USING "grain"::text::"rollup_grain";--> statement-breakpoint
ALTER TABLE "rollup_bits" ALTER COLUMN "grain" TYPE "rollup_grain" USING "grain"::text::"rollup_grain";--> statement-breakpoint
DROP TYPE "rollup_grain_before";--> statement-breakpoint
-- Each half of a week from its days: Monday to Thursday, and Friday to Sunday, by the clock of the rollups. Facts about runs
-- are by day alone.
CREATE TEMP TABLE "halves" ON COMMIT DROP AS
SELECT DISTINCT r.project_id, r.at, nth, p.zone_changes[nth] AS change, p.zone_offsets[nth] * interval '1 second' AS ahead_before,
  p.zone_offsets[nth + 1] * interval '1 second' AS ahead
FROM rollup_counts r JOIN rollup_projects p USING (project_id), width_bucket(r.at, p.zone_changes) nth
WHERE grain = 'day';--> statement-breakpoint
ALTER TABLE "halves" ADD COLUMN "half_week" timestamp with time zone;--> statement-breakpoint
UPDATE halves SET half_week = CASE WHEN local - ahead <= change THEN least(local - ahead_before, change) ELSE local - ahead END
FROM (
  SELECT project_id AS id, at AS day, greatest(
    date_bin('7 days', at + ahead, '1970-01-05Z'), date_bin('7 days', at + ahead, '1970-01-02Z')) AS local
  FROM halves
) starts WHERE id = project_id AND day = at;--> statement-breakpoint
INSERT INTO rollup_counts (project_id, grain, at, class_id, agent_id, records, duration_ms, durations, successes, failures)
SELECT project_id, 'half_week'::rollup_grain, half_week, class_id, agent_id,
  sum(records), sum(duration_ms), sum(durations), sum(successes), sum(failures)
FROM rollup_counts JOIN halves USING (project_id, at)
WHERE grain = 'day' AND class_id IN (
  SELECT id FROM rollup_classes WHERE source NOT IN ('funnel_run', 'journey_run', 'journey_path', 'journey_visit'))
GROUP BY 1, 2, 3, 4, 5;--> statement-breakpoint
INSERT INTO rollup_bits (project_id, subject, grain, at, class_id, plane, chunk, bits)
SELECT project_id, subject, 'half_week'::rollup_grain, half_week, class_id, plane, chunk, bit_or(bits)
FROM rollup_bits JOIN halves USING (project_id, at)
WHERE grain = 'day' AND class_id IN (
  SELECT id FROM rollup_classes WHERE source NOT IN ('funnel_run', 'journey_run', 'journey_path', 'journey_visit'))
GROUP BY 1, 2, 3, 4, 5, 6, 7
-- What is read together lies together.
ORDER BY project_id, subject, class_id, half_week, plane, chunk;
