use base::{LocalDay, Micros};
use fence::Shape;
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A shape as it is sent and kept: exactly one of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FenceShape)]
pub struct Drawn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circle: Option<Circle>,
    /// Corners in order; the last is joined to the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    pub polygon: Option<Vec<LngLat>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FenceCircle)]
pub struct Circle {
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub at: LngLat,
    #[schema(minimum = 20, maximum = 5000)]
    pub radius_m: f64,
}

impl Drawn {
    pub fn shape(&self) -> Option<Shape> {
        match (&self.circle, &self.polygon) {
            (Some(c), None) => Some(Shape::Circle { at: c.at, radius_m: c.radius_m }),
            (None, Some(corners)) => Some(Shape::Polygon(corners.clone())),
            _ => None,
        }
    }
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FenceEventKind)]
pub enum EventKind {
    Enter,
    /// Inside for as long as the fence asks.
    Dwell,
    Exit,
    /// Inside, or across, without having stayed.
    Pass,
}

impl EventKind {
    const ALL: [(EventKind, &'static str); 4] = [
        (EventKind::Enter, "enter"),
        (EventKind::Dwell, "dwell"),
        (EventKind::Exit, "exit"),
        (EventKind::Pass, "pass"),
    ];

    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("pass", |(_, key)| key)
    }

    pub fn from_key(key: &str) -> EventKind {
        Self::ALL.iter().find(|(_, k)| *k == key).map_or(EventKind::Pass, |(kind, _)| *kind)
    }
}

impl From<fence::EventKind> for EventKind {
    fn from(kind: fence::EventKind) -> EventKind {
        match kind {
            fence::EventKind::Enter => EventKind::Enter,
            fence::EventKind::Dwell => EventKind::Dwell,
            fence::EventKind::Exit => EventKind::Exit,
            fence::EventKind::Pass => EventKind::Pass,
        }
    }
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FenceListener)]
pub enum Listener {
    /// The one who came or went.
    Person,
    /// Those whose reach covers his department and who may see tracks.
    Leader,
    /// The owner of the customer, when that is somebody else.
    Owner,
}

/// Who is told of what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = FenceTell)]
pub struct Tell {
    pub enter: Vec<Listener>,
    pub exit: Vec<Listener>,
    pub dwell: Vec<Listener>,
}

impl Tell {
    pub fn of(&self, kind: EventKind) -> &[Listener] {
        match kind {
            EventKind::Enter => &self.enter,
            EventKind::Exit => &self.exit,
            EventKind::Dwell => &self.dwell,
            EventKind::Pass => &[],
        }
    }
}

/// A drawn fence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Fence {
    pub id: Uuid,
    pub name: String,
    /// The customer whose circle it replaces.
    pub customer: Option<Ref>,
    pub department_id: Uuid,
    pub shape: Drawn,
    /// Seconds inside that make a dwell; 0 is never.
    pub dwell_s: i64,
    pub tell: Tell,
    pub active: bool,
    pub version: i64,
}

/// Something happened at a fence, with what it rests on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FenceEvent {
    pub id: Uuid,
    pub employee: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub kind: EventKind,
    /// The drawn fence, or the customer whose circle it was.
    pub fence_id: Uuid,
    pub name: String,
    pub customer_id: Option<Uuid>,
    /// Of an exit: the last time seen inside.
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Of a pass: the last time it was inside.
    #[schema(value_type = String, format = DateTime)]
    pub until: Micros,
    /// Time of the position that settled it.
    #[schema(value_type = String, format = DateTime)]
    pub known_at: Micros,
    /// The position at that time…
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub place: LngLat,
    /// …how exact it was, metres…
    pub accuracy_m: f64,
    /// …and how likely it was inside, 0 to 1.
    pub probability: f64,
    /// Version of the rules that found it.
    pub rule_version: String,
}
