CREATE TABLE "care"."publication" (
	"authority" text NOT NULL,
	"id" uuid NOT NULL,
	"audience" text NOT NULL,
	"periods" text[] NOT NULL,
	"title" text NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"published_by" text NOT NULL,
	"data_version" text NOT NULL,
	"content" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "publication_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."target" (
	"authority" text NOT NULL,
	"indicator" text NOT NULL,
	"period" text NOT NULL,
	"version" integer NOT NULL,
	"value" numeric,
	"amber" numeric,
	"commentary" text,
	"removed" boolean NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "target_authority_indicator_period_version_pk" PRIMARY KEY("authority","indicator","period","version")
);
--> statement-breakpoint
CREATE TABLE "care"."withdrawn_return" (
	"authority" text NOT NULL,
	"id" uuid NOT NULL,
	"year" smallint NOT NULL,
	"covers_from" date NOT NULL,
	"covers_to" date NOT NULL,
	"content_hash" text NOT NULL,
	"loaded_at" timestamp with time zone NOT NULL,
	"loaded_by" text NOT NULL,
	"withdrawn_at" timestamp with time zone NOT NULL,
	"withdrawn_by" text NOT NULL,
	"was_in_force" boolean NOT NULL,
	CONSTRAINT "withdrawn_return_authority_id_pk" PRIMARY KEY("authority","id")
);
