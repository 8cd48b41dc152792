CREATE TABLE "care"."adjacent_authority" (
	"authority" text NOT NULL,
	"adjacent" text NOT NULL,
	CONSTRAINT "adjacent_authority_authority_adjacent_pk" PRIMARY KEY("authority","adjacent")
);
--> statement-breakpoint
CREATE TABLE "care"."authority_today" (
	"authority" text NOT NULL,
	"today" text NOT NULL,
	CONSTRAINT "authority_today_authority_today_pk" PRIMARY KEY("authority","today")
);
--> statement-breakpoint
CREATE TABLE "care"."child_population" (
	"area" text NOT NULL,
	"year" smallint NOT NULL,
	"children" integer NOT NULL,
	CONSTRAINT "child_population_area_year_pk" PRIMARY KEY("area","year")
);
--> statement-breakpoint
CREATE TABLE "care"."comparator" (
	"layout" text NOT NULL,
	"series" text NOT NULL,
	"category" jsonb NOT NULL,
	"area_level" text NOT NULL,
	"area" text NOT NULL,
	"period" text NOT NULL,
	"period_as_published" text NOT NULL,
	"value" numeric,
	"status" text,
	"decimals" smallint,
	"source" text NOT NULL,
	CONSTRAINT "comparator_pk" PRIMARY KEY("layout","series","category","area_level","area","period_as_published")
);
--> statement-breakpoint
CREATE TABLE "care"."district_authority" (
	"district" text PRIMARY KEY NOT NULL,
	"authority" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "care"."postcode" (
	"postcode" text PRIMARY KEY NOT NULL,
	"easting" integer,
	"northing" integer,
	"district" text
);
--> statement-breakpoint
CREATE TABLE "care"."reference_authority" (
	"code" text PRIMARY KEY NOT NULL,
	"dfe_code" text NOT NULL,
	"name" text NOT NULL,
	"region" text,
	"type" text NOT NULL,
	"existed_from" date,
	"existed_until" date
);
--> statement-breakpoint
CREATE TABLE "care"."reference_state" (
	"kind" text PRIMARY KEY NOT NULL,
	"version" text NOT NULL,
	"rows" integer NOT NULL,
	"built_in" boolean NOT NULL,
	"loaded_at" timestamp with time zone NOT NULL,
	"loaded_by" text NOT NULL,
	"content_hash" text
);
--> statement-breakpoint
CREATE TABLE "care"."statistical_neighbour" (
	"set_year" smallint NOT NULL,
	"authority" text NOT NULL,
	"rank" smallint NOT NULL,
	"neighbour" text NOT NULL,
	"closeness" text NOT NULL,
	CONSTRAINT "statistical_neighbour_set_year_authority_rank_pk" PRIMARY KEY("set_year","authority","rank")
);
