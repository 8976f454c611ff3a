import {
  closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type DragEndEvent,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import type { CustomerPoint, Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon } from '@tashi/shared/ui';
import { planningText } from './text';

export interface RouteStop {
  id: Id;
  customer: CustomerPoint | undefined;
  /** Metres of the way there; unknown for an order made by hand. */
  meters: number | null;
}

/** The stops in order: drag with the mouse or, with space and arrows, by keyboard. */
export function RouteList({ stops, onMove, onRemove }: {
  stops: readonly RouteStop[];
  onMove(from: number, to: number): void;
  onRemove(id: Id): void;
}) {
  const t = useT(planningText);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const ended = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    onMove(stops.findIndex((stop) => stop.id === active.id), stops.findIndex((stop) => stop.id === over.id));
  };
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={ended} accessibility={{ screenReaderInstructions: { draggable: t('dragHelp') } }}>
      <SortableContext items={stops.map((stop) => stop.id)} strategy={verticalListSortingStrategy}>
        <ol className="route-list">
          {stops.map((stop, i) => <StopRow key={stop.id} stop={stop} seq={i + 1} onRemove={onRemove} />)}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

function StopRow({ stop, seq, onRemove }: { stop: RouteStop; seq: number; onRemove(id: Id): void }) {
  const t = useT(planningText);
  const format = useFormat();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: stop.id });
  const name = stop.customer?.name ?? '—';
  return (
    <li
      ref={setNodeRef}
      className={isDragging ? 'route-row dragging' : 'route-row'}
      style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}
    >
      <button type="button" ref={setActivatorNodeRef} className="icb tiny route-grip" aria-label={t('drag', { name })} {...attributes} {...listeners}>
        <Icon name="grip" size={14} />
      </button>
      <span className="route-seq">{seq}</span>
      <GradeTag grade={stop.customer?.grade ?? null} />
      <b className="clip sp" title={name}>{name}</b>
      <span className="s12 m3 nw">{stop.meters === null ? '' : t('legKm', { km: format.km(stop.meters) })}</span>
      <button type="button" className="icb tiny" aria-label={t('remove', { name })} onClick={() => onRemove(stop.id)}>
        <Icon name="close" size={13} />
      </button>
    </li>
  );
}
