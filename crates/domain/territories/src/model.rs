use base::{LocalDay, Micros};
use geo::LngLat;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Colours of the palette the screens have for territories.
pub const COLOURS: i64 = 12;

/// A territory with what it holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Territory {
    pub id: Uuid,
    pub name: String,
    /// Place in the palette of the screens, 0 to 11.
    pub colour: i64,
    pub responsible: Option<Ref>,
    pub department: Ref,
    /// Corners of a drawn one; absent: its customers are named one by one.
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    pub polygon: Option<Vec<LngLat>>,
    /// The smallest convex line round its customers.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub outline: Vec<LngLat>,
    /// Active customers in reach.
    pub customers: i64,
    /// Of these, those whose owner is not who is responsible.
    pub elsewhere: i64,
    /// Visits and minutes of work a month by the frequency rules.
    pub visits: i64,
    pub minutes: i64,
    pub version: i64,
}

/// How a division is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DivideBy)]
pub enum By {
    /// Even in work, in one piece each.
    Work,
    /// As the territories are: each customer to who is responsible for his.
    Territories,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DivisionTaker)]
pub struct Taker {
    pub employee_id: Uuid,
    /// Hours of visits a month he can do; without it as many as the others have.
    #[schema(minimum = 1, maximum = 400)]
    pub hours: Option<i64>,
}

/// What is to be divided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DivisionQuestion)]
pub struct Asked {
    pub by: By,
    /// Customers of this department and all below it; absent: all in reach.
    pub department_id: Option<Uuid>,
    /// Only these.
    pub customer_ids: Option<Vec<Uuid>>,
    /// Who takes part; unused for `territories`.
    #[serde(default)]
    pub people: Vec<Taker>,
    /// How strongly today's owners are kept, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub keep: i64,
    /// Also customers whose owner does not take part.
    #[serde(default)]
    pub others: bool,
}

/// What somebody has.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = DivisionLoad)]
pub struct Load {
    pub customers: i64,
    /// A month.
    pub visits: i64,
    pub minutes: i64,
    /// Driving of a month, estimated for comparing.
    pub km: i64,
}

/// A person before and after.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DivisionPerson)]
pub struct PersonShare {
    pub employee: Ref,
    pub before: Load,
    pub after: Load,
    /// What he should have, minutes a month; only of those who take part.
    pub share_minutes: Option<i64>,
    pub gained: i64,
    pub lost: i64,
    #[schema(value_type = Vec<Vec<f64>>)]
    pub outline: Vec<LngLat>,
}

/// A customer who changes hands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DivisionMove)]
pub struct Moved {
    pub customer: Ref,
    pub from: Option<Ref>,
    pub to: Ref,
    /// Work a month.
    pub minutes: i64,
}

/// A customer on the map.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DivisionPoint)]
pub struct Placed {
    pub customer_id: Uuid,
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub at: LngLat,
    /// Index among `people`.
    pub person: i64,
    pub moved: bool,
}

/// A visit that is planned for a customer who changes hands, by who has him until then.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DivisionPlanned)]
pub struct Planned {
    pub task_id: Uuid,
    pub customer: Ref,
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    pub employee: Ref,
    pub to: Ref,
    /// Locked or under way: it stays with whom it is.
    pub stays: bool,
    /// Of the task.
    pub version: i64,
}

/// A customer who would have gone to somebody who is never sent to him: he stays with whom he is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DivisionBarred)]
pub struct Barred {
    pub customer: Ref,
    /// Who is never sent to him.
    pub person: Ref,
    /// Who has him; absent: nobody.
    pub stays: Option<Ref>,
}

/// Why work is less even than sought.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DivisionHindrance)]
pub struct Hindrance {
    /// `heavy_customer` (he alone makes more work than a share), `few_customers` or `grain` (few or uneven ones, or
    /// places that leave no other way in one piece).
    pub kind: String,
    pub customer: Option<Ref>,
}

/// A proposal with its consequences.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Division {
    pub id: Uuid,
    pub question: Asked,
    /// draft or taken.
    pub status: String,
    pub made_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Micros,
    pub taken_by: Option<Ref>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub taken_at: Option<Micros>,
    pub reason: Option<String>,
    /// Those who take part, then those who only lose customers.
    pub people: Vec<PersonShare>,
    pub moves: Vec<Moved>,
    pub points: Vec<Placed>,
    pub planned: Vec<Planned>,
    /// Largest deviation from a share, thousandths.
    pub deviation_permille: i64,
    pub hindrance: Option<Hindrance>,
    /// Customers without a position, who stay with whom they are.
    pub without_place: i64,
    /// Customers whose owner does not take part, who stay with him.
    pub left_out: i64,
    /// Customers who are never to be visited by who would have got them, and stay with whom they are.
    pub barred: Vec<Barred>,
    /// Customers no frequency rule speaks of, counted as half an hour a month.
    pub without_rule: i64,
    pub version: i64,
}

/// A proposal in the list of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DivisionLine {
    pub id: Uuid,
    pub by: By,
    pub status: String,
    pub made_by: Ref,
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Micros,
    pub taken_by: Option<Ref>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub taken_at: Option<Micros>,
    pub reason: Option<String>,
    pub people: i64,
    pub customers: i64,
    pub moves: i64,
    pub deviation_permille: i64,
}

/// What came out, as it is kept: ids and numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub seats: Vec<Uuid>,
    /// What each should have, minutes a month.
    pub shares: Vec<i64>,
    pub given: Vec<Given>,
    pub deviation_permille: i64,
    /// Kind and customer.
    pub hindrance: Option<(String, Option<Uuid>)>,
    pub without_place: i64,
    pub left_out: i64,
    /// Customer, who is never sent to him and would have got him, and who has him.
    #[serde(default)]
    pub barred: Vec<(Uuid, Uuid, Option<Uuid>)>,
    pub without_rule: i64,
}

/// One customer in what is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Given {
    pub customer: Uuid,
    /// As he was when the proposal was made.
    pub version: i64,
    pub owner: Option<Uuid>,
    pub seat: usize,
    /// The territory he stays in; absent: the one of who gets him.
    pub territory: Option<Uuid>,
    pub minutes: i64,
    /// Visits a month, thousandths.
    pub visits: i64,
}

impl Outcome {
    pub fn moves(&self) -> impl Iterator<Item = &Given> {
        self.given.iter().filter(|g| g.owner != self.seats.get(g.seat).copied())
    }
}
