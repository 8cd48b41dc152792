CREATE SCHEMA "care";
--> statement-breakpoint
CREATE TABLE "care"."authority_state" (
	"authority" text NOT NULL,
	"data_version" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "authority_state_authority_pk" PRIMARY KEY("authority")
);
--> statement-breakpoint
CREATE TABLE "care"."child" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"sex" text NOT NULL,
	"born" date NOT NULL,
	"ethnicity_code" text NOT NULL,
	"ethnicity" text NOT NULL,
	"upn" text,
	"mother" boolean,
	"mother_of_child_born" date,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"previous_permanence" text,
	CONSTRAINT "child_authority_child_pk" PRIMARY KEY("authority","child")
);
--> statement-breakpoint
CREATE TABLE "care"."episode" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"started_on" date NOT NULL,
	"ceased_on" date,
	"short_break" boolean NOT NULL,
	"temporary" boolean NOT NULL,
	"new_placement" boolean NOT NULL,
	"placement_change" boolean NOT NULL,
	"starts_period" boolean NOT NULL,
	"previous_start_on" date,
	"ends_period" boolean NOT NULL,
	"next_leaving_on" date,
	"next_started_on" date,
	"rne" text NOT NULL,
	"legal_status_code" text NOT NULL,
	"legal_status" text NOT NULL,
	"need_code" text NOT NULL,
	"category_of_need" text NOT NULL,
	"placement_code" text NOT NULL,
	"provider_code" text,
	"rec" text,
	"reason_place_change" text,
	"home_post" text,
	"placement_post" text,
	"urn" text,
	"usual_placement_code" text,
	"placement_type" text,
	"placement_provider" text,
	"period_started_on" date,
	"period_number" integer,
	"period_starts" date[],
	"began_as_short_breaks" boolean,
	"placement_number" integer,
	"placement_started_on" date,
	"placements_in_period" integer,
	"earlier_placement_ends" date[],
	"same_carer_since" date,
	"previous_carer_since" date,
	"in_care_since" date,
	"earlier_care_from" date[],
	"earlier_care_until" date[],
	"moves" date[],
	"born_number" integer NOT NULL,
	"age_on_start" smallint NOT NULL,
	"age_on_ceasing" smallint,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	"mother" boolean,
	"previous_permanence" text,
	"return_year" smallint NOT NULL,
	CONSTRAINT "episode_authority_child_started_on_pk" PRIMARY KEY("authority","child","started_on")
);
--> statement-breakpoint
CREATE TABLE "care"."finding" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"number" integer NOT NULL,
	"severity" text NOT NULL,
	"rule" text NOT NULL,
	"table_name" text,
	"file_name" text,
	"row" integer,
	"columns" text[] NOT NULL,
	"message" text NOT NULL,
	CONSTRAINT "finding_authority_return_number_number_pk" PRIMARY KEY("authority","return_number","number")
);
--> statement-breakpoint
CREATE TABLE "care"."idempotency_key" (
	"authority" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" smallint NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_key_authority_key_pk" PRIMARY KEY("authority","key")
);
--> statement-breakpoint
CREATE TABLE "care"."period_of_care" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"started_on" date NOT NULL,
	"number" integer NOT NULL,
	"ceased_on" date,
	"rec" text,
	"start_is_known" boolean NOT NULL,
	"began_as_short_breaks" boolean NOT NULL,
	"last_episode_started_on" date NOT NULL,
	CONSTRAINT "period_of_care_authority_child_started_on_pk" PRIMARY KEY("authority","child","started_on")
);
--> statement-breakpoint
CREATE TABLE "care"."placement" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"number" integer NOT NULL,
	"started_on" date NOT NULL,
	"ceased_on" date,
	"period_started_on" date NOT NULL,
	"placement_code" text NOT NULL,
	"placement_type" text NOT NULL,
	"placement_provider" text NOT NULL,
	"age_on_ceasing" smallint,
	"sex" text NOT NULL,
	"ethnicity" text NOT NULL,
	"ethnicity_code" text NOT NULL,
	"uasc" boolean NOT NULL,
	"uasc_ceased_on" date,
	CONSTRAINT "placement_authority_child_number_pk" PRIMARY KEY("authority","child","number")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_ad1" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"date_int" date,
	"date_match" date,
	"foster_care" text,
	"nb_adoptr" text,
	"sex_adoptr" text,
	"ls_adoptr" text,
	CONSTRAINT "returned_ad1_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_deprivation_of_liberty" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"dolo_start" date NOT NULL,
	"dolo_end" date,
	CONSTRAINT "returned_deprivation_of_liberty_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_episode" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"decom" date NOT NULL,
	"rne" text NOT NULL,
	"ls" text NOT NULL,
	"cin" text NOT NULL,
	"place" text NOT NULL,
	"place_provider" text,
	"dec" date,
	"rec" text,
	"reason_place_change" text,
	"home_post" text,
	"pl_post" text,
	"urn" text,
	CONSTRAINT "returned_episode_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_header" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"sex" text NOT NULL,
	"dob" date NOT NULL,
	"ethnic" text NOT NULL,
	"upn" text,
	"mother" text,
	"mc_dob" date,
	CONSTRAINT "returned_header_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_missing" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"missing" text NOT NULL,
	"mis_start" date NOT NULL,
	"mis_end" date,
	CONSTRAINT "returned_missing_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_oc2" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
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
	CONSTRAINT "returned_oc2_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_oc3" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"in_touch" text NOT NULL,
	"activ" text,
	"accom" text,
	CONSTRAINT "returned_oc3_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_placed_adoption" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"date_placed" date NOT NULL,
	"date_placed_ceased" date,
	"reason_placed_ceased" text,
	CONSTRAINT "returned_placed_adoption_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_previous_permanence" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"prev_perm" text NOT NULL,
	"la_perm" text,
	"date_perm" text,
	CONSTRAINT "returned_previous_permanence_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_review" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"review" date NOT NULL,
	"review_code" text NOT NULL,
	CONSTRAINT "returned_review_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_social_worker_episode" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"dob" date NOT NULL,
	"sw_id" text NOT NULL,
	"sw_decom" date NOT NULL,
	"sw_dec" date,
	"sw_reason" text,
	CONSTRAINT "returned_social_worker_episode_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."returned_uasc" (
	"authority" text NOT NULL,
	"return_number" integer NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"sex" text NOT NULL,
	"dob" date NOT NULL,
	"duc" date,
	CONSTRAINT "returned_uasc_authority_return_number_row_pk" PRIMARY KEY("authority","return_number","row")
);
--> statement-breakpoint
CREATE TABLE "care"."return" (
	"authority" text NOT NULL,
	"number" integer NOT NULL,
	"id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"covers_from" date NOT NULL,
	"covers_to" date NOT NULL,
	"in_force" boolean NOT NULL,
	"accepted_partially" boolean NOT NULL,
	"content_hash" text NOT NULL,
	"table_rows" jsonb NOT NULL,
	"files" jsonb NOT NULL,
	"summary" jsonb NOT NULL,
	"loaded_at" timestamp with time zone NOT NULL,
	"loaded_by" text NOT NULL,
	CONSTRAINT "return_authority_number_pk" PRIMARY KEY("authority","number"),
	CONSTRAINT "return_id" UNIQUE("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."social_worker_episode" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"started_on" date NOT NULL,
	"social_worker" text NOT NULL,
	"ceased_on" date,
	"reason" text,
	"worker_before" text,
	"worker_before_until" date,
	CONSTRAINT "social_worker_episode_authority_child_started_on_social_worker_pk" PRIMARY KEY("authority","child","started_on","social_worker")
);
--> statement-breakpoint
ALTER TABLE "care"."finding" ADD CONSTRAINT "finding_return" FOREIGN KEY ("authority","return_number") REFERENCES "care"."return"("authority","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "episode_started_on" ON "care"."episode" USING btree ("authority","started_on");--> statement-breakpoint
CREATE INDEX "episode_ceased_on" ON "care"."episode" USING btree ("authority","ceased_on");--> statement-breakpoint
CREATE INDEX "placement_ceased_on" ON "care"."placement" USING btree ("authority","ceased_on");