CREATE TABLE "care"."forecast" (
	"authority" text NOT NULL,
	"id" uuid NOT NULL,
	"method" text NOT NULL,
	"starts_on" date NOT NULL,
	"horizon_months" smallint NOT NULL,
	"title" text,
	"data_version" text NOT NULL,
	"question" json NOT NULL,
	"answer" json NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "forecast_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_carer_recruitment" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"recr_type" text,
	"recr_enquiry_date" date NOT NULL,
	"recr_visit_date" date,
	"recr_application_date" date,
	"recr_panel_date" date,
	"recr_decision_date" date,
	"recr_outcome" text,
	"recr_ended_date" date,
	"recr_household_id" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_carer_recruitment_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_child_needs" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"need_category" text NOT NULL,
	"need_complex" text,
	"need_specialist_support" text,
	"need_start_date" date NOT NULL,
	"need_end_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_child_needs_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_children_placed_here" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"chph_placing_authority" text NOT NULL,
	"chph_notified_date" date,
	"chph_start_date" date NOT NULL,
	"chph_end_date" date,
	"chph_urn" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_children_placed_here_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_commissioned_beds" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"cobe_contract" text NOT NULL,
	"cobe_placement_type" text NOT NULL,
	"cobe_urn" text,
	"cobe_beds" integer NOT NULL,
	"cobe_weekly_price" numeric(12, 4),
	"cobe_start_date" date NOT NULL,
	"cobe_end_date" date,
	"cobe_age_from" integer,
	"cobe_age_to" integer,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_commissioned_beds_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_fostering_households" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"fohh_household_id" text NOT NULL,
	"fohh_type" text NOT NULL,
	"fohh_approved_date" date NOT NULL,
	"fohh_terms_start_date" date,
	"fohh_ended_date" date,
	"fohh_leaving_reason" text,
	"fohh_approved_places" integer NOT NULL,
	"fohh_carers" integer,
	"fohh_carer_1_birth_year" integer,
	"fohh_carer_2_birth_year" integer,
	"fohh_age_from" integer,
	"fohh_age_to" integer,
	"fohh_child_sex" text,
	"fohh_sibling_groups" text,
	"fohh_complex_needs" text,
	"fohh_parent_and_child" text,
	"fohh_local_authority" text,
	"fohh_training_plan_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_fostering_households_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_fostering_places" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"fopl_household_id" text NOT NULL,
	"fopl_start_date" date NOT NULL,
	"fopl_places_filled" integer NOT NULL,
	"fopl_places_not_available" integer,
	"fopl_not_available_reason" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_fostering_places_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_kinship_support" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"kins_family_id" text NOT NULL,
	"kins_support" text NOT NULL,
	"kins_start_date" date NOT NULL,
	"kins_end_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_kinship_support_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_placement_details" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"plde_start_date" date NOT NULL,
	"plde_end_date" date,
	"plde_household_id" text,
	"plde_registration" text,
	"plde_weekly_cost" numeric(12, 4),
	"plde_emergency" text,
	"plde_distance_approved_date" date,
	"plde_host_notified_date" date,
	"plde_education_place_needed" text,
	"plde_education_place_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_placement_details_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_providers" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"prov_urn" text NOT NULL,
	"prov_status_date" date NOT NULL,
	"prov_type" text NOT NULL,
	"prov_name" text,
	"prov_sector" text,
	"prov_registered" text NOT NULL,
	"prov_registration_date" date,
	"prov_closed_date" date,
	"prov_capacity" integer,
	"prov_age_from" integer,
	"prov_age_to" integer,
	"prov_child_sex" text,
	"prov_local_authority" text,
	"prov_postcode" text,
	"prov_placement_codes" text,
	"prov_provider_codes" text,
	"prov_inspection_date" date,
	"prov_judgement" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_providers_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_regulation_44_visits" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"re44_urn" text NOT NULL,
	"re44_visit_date" date NOT NULL,
	"re44_report_date" date,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_regulation_44_visits_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_sibling_groups" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text NOT NULL,
	"sibl_group_id" text NOT NULL,
	"sibl_start_date" date NOT NULL,
	"sibl_end_date" date,
	"sibl_assessed_apart" text,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_sibling_groups_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."record_surveys" (
	"authority" text NOT NULL,
	"id" text NOT NULL,
	"child" text,
	"surv_survey" text NOT NULL,
	"surv_date" date NOT NULL,
	"surv_asked" integer NOT NULL,
	"surv_answered" integer NOT NULL,
	"surv_positive" integer NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	"written_by" text NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "record_surveys_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE INDEX "forecast_created_at" ON "care"."forecast" USING btree ("authority","created_at","id");--> statement-breakpoint
CREATE INDEX "record_carer_recruitment_child" ON "care"."record_carer_recruitment" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_child_needs_child" ON "care"."record_child_needs" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_children_placed_here_child" ON "care"."record_children_placed_here" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_commissioned_beds_child" ON "care"."record_commissioned_beds" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_fostering_households_child" ON "care"."record_fostering_households" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_fostering_households_fohh_household_id" ON "care"."record_fostering_households" USING btree ("authority","fohh_household_id");--> statement-breakpoint
CREATE INDEX "record_fostering_places_child" ON "care"."record_fostering_places" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_fostering_places_fopl_household_id" ON "care"."record_fostering_places" USING btree ("authority","fopl_household_id");--> statement-breakpoint
CREATE INDEX "record_kinship_support_child" ON "care"."record_kinship_support" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_placement_details_child" ON "care"."record_placement_details" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_providers_child" ON "care"."record_providers" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_providers_prov_urn" ON "care"."record_providers" USING btree ("authority","prov_urn");--> statement-breakpoint
CREATE INDEX "record_regulation_44_visits_child" ON "care"."record_regulation_44_visits" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_sibling_groups_child" ON "care"."record_sibling_groups" USING btree ("authority","child");--> statement-breakpoint
CREATE INDEX "record_surveys_child" ON "care"."record_surveys" USING btree ("authority","child");