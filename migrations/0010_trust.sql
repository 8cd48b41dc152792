CREATE SCHEMA "access";
--> statement-breakpoint
CREATE TABLE "access"."state" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"revision" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access"."api_key" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"grants" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_by" text,
	CONSTRAINT "api_key_prefix_unique" UNIQUE("prefix"),
	CONSTRAINT "api_key_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "access"."client_secret" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "client_secret_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "access"."client" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"grants" jsonb NOT NULL,
	"jwks" jsonb,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_by" text,
	CONSTRAINT "client_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "access"."issuer_grant" (
	"id" uuid PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"claim" text NOT NULL,
	"value" text NOT NULL,
	"grants" jsonb NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_by" text
);
--> statement-breakpoint
CREATE TABLE "access"."revoked_token" (
	"jti" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access"."signing_key" (
	"kid" text PRIMARY KEY NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"private_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "access"."used_assertion" (
	"client" uuid NOT NULL,
	"jti" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "used_assertion_client_jti_pk" PRIMARY KEY("client","jti")
);
--> statement-breakpoint
CREATE TABLE "care"."audit_entry" (
	"authority" text NOT NULL,
	"number" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"caller" text NOT NULL,
	"on_behalf_of" text,
	"scopes" text[] NOT NULL,
	"action" text NOT NULL,
	"method" text NOT NULL,
	"route" text NOT NULL,
	"status" smallint NOT NULL,
	"rows" integer NOT NULL,
	"subjects" text[] NOT NULL,
	"purpose" text,
	"question" text NOT NULL,
	"network" text,
	"request_id" text NOT NULL,
	"previous" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "audit_entry_authority_number_pk" PRIMARY KEY("authority","number")
);
--> statement-breakpoint
CREATE TABLE "care"."audit_head" (
	"authority" text PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"hash" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "care"."correction" (
	"authority" text NOT NULL,
	"id" uuid NOT NULL,
	"child" text NOT NULL,
	"number" integer NOT NULL,
	"year" smallint NOT NULL,
	"table_name" text NOT NULL,
	"row" jsonb NOT NULL,
	"column_name" text NOT NULL,
	"before" text,
	"after" text,
	"reason" text NOT NULL,
	"corrected_at" timestamp with time zone NOT NULL,
	"corrected_by" text NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" text,
	CONSTRAINT "correction_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."applied_correction" (
	"authority" text NOT NULL,
	"correction" uuid NOT NULL,
	"return_number" integer NOT NULL,
	"table_name" text NOT NULL,
	"row" integer NOT NULL,
	"child" text NOT NULL,
	"before" text,
	CONSTRAINT "applied_correction_pk" PRIMARY KEY("authority","correction","return_number","table_name","row")
);
--> statement-breakpoint
CREATE TABLE "care"."erased_child" (
	"authority" text NOT NULL,
	"subject" text NOT NULL,
	"reason" text NOT NULL,
	"rows" jsonb NOT NULL,
	"erased_at" timestamp with time zone NOT NULL,
	"erased_by" text NOT NULL,
	CONSTRAINT "erased_child_authority_subject_pk" PRIMARY KEY("authority","subject")
);
--> statement-breakpoint
CREATE TABLE "care"."record_history" (
	"authority" text NOT NULL,
	"kind" text NOT NULL,
	"record_id" text NOT NULL,
	"number" integer NOT NULL,
	"child" text,
	"body" jsonb NOT NULL,
	"change" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "record_history_authority_kind_record_id_number_pk" PRIMARY KEY("authority","kind","record_id","number")
);
--> statement-breakpoint
CREATE TABLE "care"."restriction" (
	"authority" text NOT NULL,
	"child" text NOT NULL,
	"reason" text NOT NULL,
	"version" integer NOT NULL,
	"restricted_at" timestamp with time zone NOT NULL,
	"restricted_by" text NOT NULL,
	CONSTRAINT "restriction_authority_child_pk" PRIMARY KEY("authority","child")
);
--> statement-breakpoint
CREATE TABLE "care"."event" (
	"authority" text NOT NULL,
	"number" bigint NOT NULL,
	"id" uuid NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "event_authority_number_pk" PRIMARY KEY("authority","number"),
	CONSTRAINT "event_id" UNIQUE("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."webhook_delivery" (
	"authority" text NOT NULL,
	"id" uuid NOT NULL,
	"webhook" uuid NOT NULL,
	"event" uuid NOT NULL,
	"event_number" bigint NOT NULL,
	"status" text NOT NULL,
	"attempts" integer NOT NULL,
	"last_status" smallint,
	"last_fault" text,
	"last_attempt_at" timestamp with time zone,
	"next_attempt_at" timestamp with time zone,
	"claimed_until" timestamp with time zone,
	CONSTRAINT "webhook_delivery_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
CREATE TABLE "care"."webhook" (
	"authority" text NOT NULL,
	"id" uuid NOT NULL,
	"url" text NOT NULL,
	"types" text[] NOT NULL,
	"secrets" "bytea" NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"failing_since" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"disabled_because" text,
	CONSTRAINT "webhook_authority_id_pk" PRIMARY KEY("authority","id")
);
--> statement-breakpoint
ALTER TABLE "care"."authority_state" ADD COLUMN "rights_version" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."authority_state" ADD COLUMN "erasures_changed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "access"."client_secret" ADD CONSTRAINT "client_secret_client_client_id_fk" FOREIGN KEY ("client") REFERENCES "access"."client"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_delivery_due" ON "care"."webhook_delivery" USING btree ("authority","webhook","next_attempt_at") WHERE "care"."webhook_delivery"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_delivery_newest" ON "care"."webhook_delivery" USING btree ("authority","webhook","event_number","id");--> statement-breakpoint
-- Added to what stands already, with values for what the release before writes while both run.
ALTER TABLE "care"."idempotency_key" ADD COLUMN "caller" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."idempotency_key" ADD COLUMN "headers" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "care"."idempotency_key" ADD COLUMN "child" text;--> statement-breakpoint
ALTER TABLE "care"."idempotency_key" DROP CONSTRAINT "idempotency_key_authority_key_pk";--> statement-breakpoint
ALTER TABLE "care"."idempotency_key" ADD CONSTRAINT "idempotency_key_authority_caller_key_pk" PRIMARY KEY("authority","caller","key");--> statement-breakpoint
CREATE INDEX "client_secret_client" ON "access"."client_secret" USING btree ("client");
