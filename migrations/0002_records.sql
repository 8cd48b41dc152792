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