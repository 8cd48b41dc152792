CREATE TABLE "care"."adopted_child" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"adopted_on" date NOT NULL,
	"entered_care_on" date NOT NULL,
	"decided_on" date,
	"placement_order_on" date,
	"matched_on" date,
	"placed_on" date,
	"moved_in_on" date,
	"disrupted" boolean NOT NULL,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	CONSTRAINT "adopted_child_authority_child_adopted_on_pk" PRIMARY KEY("authority","child","adopted_on")
);
--> statement-breakpoint
CREATE TABLE "care"."adoption_step" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"step" text NOT NULL,
	"on_day" date NOT NULL,
	"previous_on" date,
	"reason" text,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	CONSTRAINT "adoption_step_authority_child_step_on_day_pk" PRIMARY KEY("authority","child","step","on_day")
);
--> statement-breakpoint
CREATE TABLE "care"."care_leaver_history" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"sixteen_on" date NOT NULL,
	"eighteen_on" date NOT NULL,
	"days_since_fourteen" integer NOT NULL,
	"days_before_sixteen" integer NOT NULL,
	"in_care_after_sixteen_on" date,
	"qualifies_on" date,
	"in_care_from" date[] NOT NULL,
	"in_care_until" date[] NOT NULL,
	"reasons_for_ceasing" text[] NOT NULL,
	"died_by" date,
	"returned_in_oc3" date[] NOT NULL,
	CONSTRAINT "care_leaver_history_authority_child_pk" PRIMARY KEY("authority","child")
);
--> statement-breakpoint
CREATE TABLE "care"."care_leaver" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"birthday" date NOT NULL,
	"in_touch" text NOT NULL,
	"activity" text,
	"accommodation" text,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	"transferred" boolean NOT NULL,
	"fostered_at_eighteen" boolean NOT NULL,
	CONSTRAINT "care_leaver_authority_child_birthday_pk" PRIMARY KEY("authority","child","birthday")
);
--> statement-breakpoint
CREATE TABLE "care"."deprivation_of_liberty" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"started_on" date NOT NULL,
	"ended_on" date,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	"placement_code" text,
	"placement_type" text,
	"placement_provider" text,
	CONSTRAINT "deprivation_of_liberty_authority_child_started_on_pk" PRIMARY KEY("authority","child","started_on")
);
--> statement-breakpoint
CREATE TABLE "care"."missing_incident" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"kind" text NOT NULL,
	"started_on" date NOT NULL,
	"number" smallint NOT NULL,
	"ended_on" date,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	"placement_code" text,
	"placement_type" text,
	"placement_provider" text,
	CONSTRAINT "missing_incident_authority_child_kind_started_on_number_pk" PRIMARY KEY("authority","child","kind","started_on","number")
);
--> statement-breakpoint
CREATE TABLE "care"."outcome" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"on_day" date NOT NULL,
	"sdq_score" smallint,
	"sdq_reason" text,
	"convicted" text,
	"health_check" text,
	"immunisations" text,
	"teeth_check" text,
	"health_assessment" text,
	"substance_misuse" text,
	"intervention_received" text,
	"intervention_offered" text,
	CONSTRAINT "outcome_authority_child_on_day_pk" PRIMARY KEY("authority","child","on_day")
);
--> statement-breakpoint
CREATE TABLE "care"."review" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"held_on" date NOT NULL,
	"code" text NOT NULL,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	CONSTRAINT "review_authority_child_held_on_pk" PRIMARY KEY("authority","child","held_on")
);
--> statement-breakpoint
CREATE TABLE "care"."review_due" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"due_on" date NOT NULL,
	"number" smallint NOT NULL,
	"held_on" date,
	"born_number" integer NOT NULL,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"age" smallint NOT NULL,
	CONSTRAINT "review_due_authority_child_due_on_number_pk" PRIMARY KEY("authority","child","due_on","number")
);
--> statement-breakpoint
CREATE TABLE "care"."record_care_leaver_circumstances" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"clci_circumstance" text NOT NULL,
	"clci_start_date" date NOT NULL,
	"clci_end_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_care_leaver_circumstances_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_care_leavers" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"clea_status_date" date NOT NULL,
	"clea_care_leaver_eligibility" text,
	"clea_care_leaver_in_touch" text,
	"clea_care_leaver_latest_contact" date,
	"clea_care_leaver_accommodation" text,
	"clea_care_leaver_accom_suitable" text,
	"clea_care_leaver_activity" text,
	"clea_pathway_plan_review_date" date,
	"clea_care_leaver_personal_advisor" text,
	"clea_care_leaver_allocated_team" text,
	"clea_care_leaver_worker_id" text,
	"clea_care_leaver_parent" text,
	"clea_care_leaver_children_with_them" text,
	"clea_staying_close" text,
	"clea_support_requested" text,
	"clea_support_received" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_care_leavers_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_health_assessments" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"clah_health_check_type" text NOT NULL,
	"clah_health_check_date" date NOT NULL,
	"clah_health_check_status" text NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_health_assessments_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_independent_visitors" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"indv_offered_date" date NOT NULL,
	"indv_accepted" text,
	"indv_matched_date" date,
	"indv_end_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_independent_visitors_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_key_stage_results" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"ksre_stage" text NOT NULL,
	"ksre_academic_year" text NOT NULL,
	"ksre_good_level_of_development" text,
	"ksre_reading_writing_maths" text,
	"ksre_attainment_8" numeric(12, 4),
	"ksre_progress_8" numeric(12, 4),
	"ksre_english_maths_grade" integer,
	"ksre_result_date" date GENERATED ALWAYS AS (make_date(left(ksre_academic_year, 4)::integer + 1, 8, 31)) STORED,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_key_stage_results_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_permanence" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"perm_adm_decision_date" date,
	"perm_ffa_cp_decision_date" date,
	"perm_placement_order_date" date,
	"perm_matched_date" date,
	"perm_placed_for_adoption_date" date,
	"perm_placed_ffa_cp_date" date,
	"perm_disrupted_date" date,
	"perm_decision_reversed_date" date,
	"perm_decision_reversed_reason" text,
	"perm_permanence_order_date" date,
	"perm_permanence_order_type" text,
	"perm_part_of_sibling_group" text,
	"perm_siblings_placed_together" integer,
	"perm_siblings_placed_apart" integer,
	"perm_adopted_by_carer_flag" text,
	"perm_number_of_adopters" integer,
	"perm_adopter_sex" text,
	"perm_adopter_legal_status" text,
	"perm_placement_provider_urn" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_permanence_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_personal_education_plans" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"pepl_review_date" date NOT NULL,
	"pepl_quality" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_personal_education_plans_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_coverage" (
	"authority" text NOT NULL,
	"kind" text NOT NULL,
	"month" date NOT NULL,
	CONSTRAINT "record_coverage_authority_kind_month_pk" PRIMARY KEY("authority","kind","month")
);
--> statement-breakpoint
CREATE TABLE "care"."record_return_home_interviews" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"miss_missing_episode_start_date" date NOT NULL,
	"miss_missing_episode_start_time" time,
	"miss_missing_episode_type" text NOT NULL,
	"miss_missing_episode_end_date" date,
	"miss_missing_episode_end_time" time,
	"miss_missing_rhi_offered" text,
	"miss_missing_rhi_accepted" text,
	"miss_missing_rhi_date" date,
	"miss_missing_rhi_time" time,
	"miss_missing_rhi_outcome" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_return_home_interviews_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_school_attendance" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"satt_start_date" date NOT NULL,
	"satt_end_date" date NOT NULL,
	"satt_sessions_possible" integer NOT NULL,
	"satt_sessions_missed" integer NOT NULL,
	"satt_sessions_unauthorised" integer,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_school_attendance_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_school_enrolments" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"enro_school_urn" text NOT NULL,
	"enro_start_date" date NOT NULL,
	"enro_end_date" date,
	"enro_phase_transfer" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_school_enrolments_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_social_workers" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"prof_professional_id" text NOT NULL,
	"prof_status_date" date NOT NULL,
	"prof_social_worker_registration_no" text,
	"prof_professional_job_title" text,
	"prof_professional_caseload" integer NOT NULL,
	"prof_full_time_equivalency" numeric(12, 4) NOT NULL,
	"prof_agency_worker_flag" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_social_workers_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_special_educational_needs" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"senp_provision" text NOT NULL,
	"senp_start_date" date NOT NULL,
	"senp_end_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_special_educational_needs_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_statutory_visits" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"clav_cla_id" text,
	"clav_cla_visit_date" date NOT NULL,
	"clav_cla_visit_seen" text NOT NULL,
	"clav_cla_visit_seen_alone" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_statutory_visits_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_suspensions" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"susp_category" text NOT NULL,
	"susp_start_date" date NOT NULL,
	"susp_sessions" integer,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_suspensions_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_workforce_census" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"wcen_census_date" date NOT NULL,
	"wcen_fte_in_post" numeric(12, 4) NOT NULL,
	"wcen_fte_leavers" numeric(12, 4),
	"wcen_fte_agency" numeric(12, 4),
	"wcen_fte_vacancies" numeric(12, 4),
	"wcen_days_lost_to_sickness" numeric(12, 4),
	"wcen_cases_held" integer,
	"wcen_fte_holding_cases" numeric(12, 4),
	"wcen_personal_adviser_fte" numeric(12, 4),
	"wcen_care_leavers_allocated" integer,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_workforce_census_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
ALTER TABLE "care"."authority_state" ADD COLUMN "records_version" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."authority_state" ADD COLUMN "history_version" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."episode" ADD COLUMN "placement_authority" text;--> statement-breakpoint
ALTER TABLE "care"."episode" ADD COLUMN "placement_location" text DEFAULT 'not-known' NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."episode" ADD COLUMN "placement_distance" text DEFAULT 'not-known' NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."episode" ADD COLUMN "distance_miles" numeric(5, 1);--> statement-breakpoint
ALTER TABLE "care"."episode" ADD COLUMN "at_a_distance" boolean;--> statement-breakpoint
ALTER TABLE "care"."episode" ADD COLUMN "usual_placement_post" text;--> statement-breakpoint
CREATE INDEX "adoption_step_on_day" ON "care"."adoption_step" USING btree ("authority","on_day");--> statement-breakpoint
CREATE INDEX "care_leaver_birthday" ON "care"."care_leaver" USING btree ("authority","birthday");--> statement-breakpoint
CREATE INDEX "record_care_leaver_circumstances_child" ON "care"."record_care_leaver_circumstances" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_care_leavers_child" ON "care"."record_care_leavers" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_health_assessments_child" ON "care"."record_health_assessments" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_independent_visitors_child" ON "care"."record_independent_visitors" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_key_stage_results_child" ON "care"."record_key_stage_results" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_permanence_child" ON "care"."record_permanence" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_personal_education_plans_child" ON "care"."record_personal_education_plans" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_return_home_interviews_child" ON "care"."record_return_home_interviews" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_school_attendance_child" ON "care"."record_school_attendance" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_school_enrolments_child" ON "care"."record_school_enrolments" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_social_workers_child" ON "care"."record_social_workers" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_special_educational_needs_child" ON "care"."record_special_educational_needs" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_statutory_visits_child" ON "care"."record_statutory_visits" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_suspensions_child" ON "care"."record_suspensions" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_workforce_census_child" ON "care"."record_workforce_census" USING btree ("authority","child");