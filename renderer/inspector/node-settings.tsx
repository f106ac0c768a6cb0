import { useMemo } from 'react';
import type { GraphNode } from '../../engine/document/schema.ts';
import { setLabel, setParams } from '../../engine/graph/edit.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { usePlaceOf, Vary } from '../sweep/vary-control.tsx';
import { Field } from '../ui/field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type FormField, formFields } from './form-fields.ts';
import { SchemaField } from './schema-field.tsx';

/** The settings of a node that are shown in a form; none for a kind that is not known. */
export function useNodeFields({ kind }: GraphNode): readonly FormField[] {
  return useMemo(() => {
    const layer = findLayer(kind);
    return layer ? formFields(layer.config) : [];
  }, [kind]);
}

/** A node's settings, each changed in the document. */
export function NodeFields({ node }: { readonly node: GraphNode }) {
  const edit = useDocumentStore((s) => s.edit);
  const place = usePlaceOf(node.id);
  return useNodeFields(node).map((field) => (
    <Vary key={`${node.id}/${field.name}`} place={{ ...place, field: field.name }} label={field.label}>
      <SchemaField
        field={field}
        value={node.params[field.name]}
        onChange={(value) => edit((d) => setParams(d, node.id, { [field.name]: value }), `param:${node.id}:${field.name}`)}
      />
    </Vary>
  ));
}

/** Which kind of cell it is, which a sweep may vary. */
export function CellKindField({ node }: { readonly node: GraphNode }) {
  const place = usePlaceOf(node.id);
  return (
    <Vary place={{ ...place, field: 'kind' }} label="Kind of cell">
      <Field label="Kind">
        {(control) => (
          <output {...control} className="inspector__kind">
            {findLayer(node.kind)?.title ?? node.kind}
          </output>
        )}
      </Field>
    </Vary>
  );
}

interface NodeNameProps {
  readonly node: GraphNode;
  readonly help?: string;
  readonly stacked?: boolean;
}

/** The name that a node's card shows in place of its title. */
export function NodeName({ node, ...field }: NodeNameProps) {
  const edit = useDocumentStore((s) => s.edit);
  return (
    <Field label="Name" {...field}>
      {(control) => (
        <TextField
          {...control}
          value={node.label ?? ''}
          placeholder={findLayer(node.kind)?.title}
          maxLength={200}
          onChange={(event) => edit((d) => setLabel(d, node.id, event.target.value), `label:${node.id}`)}
        />
      )}
    </Field>
  );
}
