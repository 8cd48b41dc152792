import { type Static, type TSchema, Type } from 'typebox'

/** A schema with the name that it carries in `components/schemas`. */
export type Named<S extends TSchema> = S & { $id: string }

/** Gives a schema its name. Register it once (`app.addSchema`) and point to it with `refTo`. */
export const named = <const Id extends string, S extends TSchema>(id: Id, schema: S): S & { $id: Id } =>
  Object.assign(schema, { $id: id })

/**
 * A typed pointer to a named schema. The schema object itself would be written out anew at every use, and the
 * document's clients would get one type per use; `Type.Ref` would lose the type, so a wrong handler would compile.
 */
export const refTo = <S extends TSchema>(schema: Named<S>) =>
  Type.Unsafe<Static<S>>({ $ref: `${schema.$id}#` })
