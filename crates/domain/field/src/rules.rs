//! In which order the items of a batch are taken, and which refusals may be over by the end of it. Pure.

use base::Problem;

use crate::SyncItem;

/// What must come before what: one's place in the day, then the visit from its beginning to its end.
fn rank(kind: &str) -> u8 {
    match kind {
        // In the order they were made: a punch on a private trip keeps no place, one after it does.
        // Who decides is chosen before what is handed in.
        "consent" | "private.start" | "private.end" | "punch" | "approval.choose" => 0,
        "urgent.accept" | "urgent.refuse" | "order.accept" | "order.refuse" | "task.accept"
        | "task.on_the_way" | "task.skip" | "plan.reorder" | "plan.read" | "notice.read" => 1,
        "visit.check_in" => 2,
        "visit.photo" | "visit.audio" => 3,
        "visit.step" => 4,
        // On site: after the check-in, before the check-out, among themselves as they were made.
        "order.pause" | "order.resume" | "order.part" | "order.reading" | "order.request"
        | "order.finish" | "order.sign" => 5,
        "visit.summary" => 6,
        "visit.check_out" => 7,
        _ => 8,
    }
}

/// Indices of items in the order they are taken: by rank, then by the phone's clock, then as they came.
pub fn order(items: &[SyncItem]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&k| (rank(&items[k].kind), items[k].at, k));
    order
}

/// Can another item of the same batch lift this refusal?
pub fn may_pass_later(problem: &Problem) -> bool {
    matches!(problem.code.code, "sync.prerequisite" | "sync.trip_unknown" | "visit.step_locked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Micros;

    fn item(kind: &str, second: i64) -> SyncItem {
        let id = base::id::new_v7();
        SyncItem {
            id,
            kind: kind.into(),
            at: Micros::from_seconds(second),
            mono_ms: None,
            body: serde_json::Value::Null,
        }
    }

    #[test]
    fn a_shuffled_visit_is_taken_from_its_beginning() {
        let items = [
            item("visit.check_out", 50),
            item("visit.step", 31),
            item("visit.summary", 49),
            item("visit.step", 30),
            item("visit.photo", 20),
            item("visit.check_in", 10),
            item("problem.open", 5),
            item("task.accept", 60),
            item("approval.choose", 70),
        ];
        assert_eq!(order(&items), [8, 7, 5, 4, 3, 1, 2, 0, 6]);
    }

    #[test]
    fn a_private_trip_ends_before_the_punch_that_follows_it() {
        let items = [
            item("visit.check_in", 40),
            item("punch", 30),
            item("private.end", 20),
            item("private.start", 10),
        ];
        assert_eq!(order(&items), [3, 2, 1, 0]);
    }
}
