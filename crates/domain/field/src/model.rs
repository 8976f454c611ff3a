use std::collections::HashMap;

use api::{
    TravelMode,
    utoipa::{
        ToSchema,
        openapi::{
            OneOfBuilder, Ref, RefOr, Schema,
            schema::{ObjectBuilder, Type},
        },
    },
};
use attendance::MyAttendance;
use base::{LocalDay, Micros};
use customers::{Contact, Customer, OutsideRule, Problem360};
use devices::{Chain, KeyAnswer};
use dispatch::UrgentCall;
use formbook::PinnedForm;
use knowledge::{PinnedGuide, ShelfLine};
use notify::Notice;
use objects::ObjectFace;
use org::{DutyEntry, LocationPolicy, auth::Me};
use serde::{Deserialize, Serialize};
use service::{EquipmentCard, FieldOrder, Van};
use uuid::Uuid;
use work::{CheckLast, Plan, Task, Visit, VisitRow, Window, changes};

/// A person's day, the week ahead and what he needs to know on the way.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldSnapshot {
    /// Life of the server's data; another one after a backup was restored.
    pub epoch: String,
    #[schema(value_type = String, format = DateTime)]
    pub server_time: Micros,
    pub me: Me,
    pub policy: Option<LocationPolicy>,
    pub calendar_today: Vec<Window>,
    /// Private trips of today: within them nothing is recorded.
    pub private_today: Vec<DutyEntry>,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// Of today and the six days after.
    pub plans: Vec<Plan>,
    /// What he may change of his day.
    pub plan_rule: changes::Rule,
    /// What a check-in from outside the fence asks for at customers of these classes, instead of what that rule says.
    pub outside_by_class: HashMap<Uuid, OutsideRule>,
    /// Travel between the stops of today's plan, so that any order of them can be worked out without a network.
    pub ways: Option<changes::Ways>,
    pub tasks: Vec<Task>,
    /// How he gets about, for the hand-off to a map app.
    pub travel: TravelMode,
    /// His own, and those he is to visit.
    pub customers: Vec<Customer>,
    /// The company's grades of customers, the best first.
    pub grades: Vec<String>,
    /// What the company asks of customers beside ours, a FormSpec; null when nothing.
    #[schema(value_type = Option<Object>)]
    pub customer_fields: Option<serde_json::Value>,
    /// The same for tasks.
    #[schema(value_type = Option<Object>)]
    pub task_fields: Option<serde_json::Value>,
    /// The same for equipment.
    #[schema(value_type = Option<Object>)]
    pub equipment_fields: Option<serde_json::Value>,
    /// What this person can hand in so that he chooses who decides.
    pub choices: Vec<approvals::SubjectChoice>,
    pub contacts: HashMap<Uuid, Vec<Contact>>,
    pub problems: HashMap<Uuid, Vec<Problem360>>,
    /// The last five of each customer.
    pub visits: HashMap<Uuid, Vec<VisitRow>>,
    /// What the checked items of each customer brought the last time.
    pub checks: Vec<CheckLast>,
    pub open_visit: Option<Visit>,
    /// The forms his tasks and his open visit ask for, in the versions pinned to them.
    pub forms: Vec<PinnedForm>,
    /// The guides of the same steps.
    pub guides: Vec<PinnedGuide>,
    /// Articles he must read and has not.
    pub must_reads: Vec<ShelfLine>,
    /// Changes whenever an article of the company does; `/knowledge` then has something new.
    pub knowledge_stamp: String,
    /// The company's own objects he may fill in or read, with the fields new records are filled in with.
    pub objects: Vec<ObjectFace>,
    /// People of his department, for forms that ask for one.
    pub colleagues: Vec<org::Ref>,
    /// Shift, punches, requests and what is left of his leave.
    pub attendance: MyAttendance,
    pub notices: Vec<Notice>,
    /// Urgent tasks he is asked to take and has not answered.
    pub urgent: Vec<UrgentCall>,
    /// Work orders of his, those that ended a week ago at most.
    pub orders: Vec<FieldOrder>,
    /// Equipment at the customers of his day, with its last orders.
    pub equipment: Vec<EquipmentCard>,
    /// What lies in his van, and the parts he may ask for.
    pub van: Van,
    #[schema(schema_with = day_summary)]
    pub day_summary: Option<serde_json::Value>,
    /// People who looked at his position today.
    pub viewers_today: i64,
    /// Random word of this answer; a check-in that carries it was made later.
    pub nonce: String,
}

/// The floor above defines it; here it is known by name.
fn day_summary() -> RefOr<Schema> {
    let nothing = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new().item(Ref::from_schema_name("DaySummary")).item(nothing).into()
}

/// One record made on a phone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncItem {
    pub id: Uuid,
    /// visit.check_in, visit.step, visit.photo, visit.audio, visit.summary, visit.check_out, task.accept, task.skip, plan.reorder,
    /// task.on_the_way, urgent.accept, urgent.refuse, order.accept, order.refuse, order.pause, order.resume, order.part,
    /// order.reading, order.request, order.finish, order.sign, private.start, private.end, notice.read, plan.read, problem.open,
    /// object.create, approval.choose, punch, attendance.request, attendance.withdraw, article.read, practice.done or consent.
    #[schema(max_length = 40)]
    pub kind: String,
    /// By the phone's clock.
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// Milliseconds of a clock that nobody can set.
    pub mono_ms: Option<f64>,
    #[schema(value_type = Object)]
    pub body: serde_json::Value,
}

/// Records of a phone, at most 100.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncInput {
    #[schema(max_length = 80)]
    pub device_id: String,
    /// The epoch the phone knows.
    pub epoch: Option<String>,
    #[schema(max_items = 100)]
    pub items: Vec<SyncItem>,
    /// What the phone signed about these records; absent: a phone without a key.
    pub chain: Option<Chain>,
}

/// The answer to one item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SyncReceipt {
    pub id: Uuid,
    /// accepted, duplicate or rejected.
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
}

/// An answer per item, in the order they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct SyncAnswer {
    pub epoch: String,
    pub receipts: Vec<SyncReceipt>,
    /// What became of the chain, when one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<KeyAnswer>,
}
