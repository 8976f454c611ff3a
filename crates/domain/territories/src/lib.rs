//! Who looks after which customers.
//!
//! Nouns: Territory (a shape on the map, or customers named one by one, with somebody responsible), Division (a
//! proposal of who is to have which customers, with its consequences).
//!
//! Invariants
//! * A customer belongs to at most one territory. A drawn one holds whoever stands inside it; what is divided holds
//!   those it was given.
//! * A division changes nothing until it is taken over; then all owners change in one transaction or none, and only
//!   if no customer that would move was changed since. Who had whom, and why, stays readable at the customer.
//! * Nobody divides or sees customers and people out of his reach.
//! * What is planned for customers who change hands is told and stays where it is, until somebody hands it over: then
//!   all of it that was chosen goes to who has the customers now, or none.
//!
//! Work of a customer is counted by the frequency rule he follows; without one as a visit of half an hour a month.

mod division;
mod erase;
mod hand_over;
mod http;
mod members;
mod model;
mod question;
mod sql;
mod take_over;

pub use erase::erase;
pub use http::routes;
pub use model::{Division, Territory};

base::problems! {
    /// Corners that are no area.
    SHAPE = 422 "territory.shape",
        zh "区域形状无效" / "区域是 3–200 个顶点的多边形，边不能相交，面积不小于 100 平方米，顶点离中心不超过 60 公里。（{reason}）",
        en "Invalid area" / "An area is a polygon of 3 to 200 corners without crossing edges, at least 100 m² and within 60 km of its middle. ({reason})";
    /// Nobody, or a person who cannot be given customers, takes part.
    PEOPLE = 422 "territory.people",
        zh "参与人员无效" / "请选择 1–200 名你数据范围内的在职人员，每人只选一次。",
        en "Invalid people" / "Choose 1 to 200 active people within your scope, each of them once.";
    /// There is nothing that could be divided.
    NOTHING = 422 "territory.nothing",
        zh "没有可划分的客户" / "所选范围内没有带位置的在营客户。",
        en "Nothing to divide" / "There is no active customer with a position in what was chosen.";
    TOO_MANY = 422 "territory.too_many",
        zh "客户太多" / "一次最多划分 {most} 家客户，现在有 {count} 家。请按部门分开划分。",
        en "Too many customers" / "At most {most} customers can be divided at once; there are {count}. Divide department by department.";
    /// Customers or people changed between the proposal and its taking over.
    STALE = 409 "territory.stale",
        zh "方案已过时" / "生成方案之后，有 {count} 家客户或人员已变化（如 {name}）。请重新划分后再接管。",
        en "Proposal out of date" / "{count} customers or people changed since the proposal was made ({name} among them). Divide again before taking over.";
    /// The proposal was taken over before.
    TAKEN = 409 "territory.taken",
        zh "方案已接管" / "这个方案已经接管过了，请刷新。",
        en "Already taken over" / "This proposal was taken over already; reload.";
    /// Planned visits follow only customers who have changed hands.
    NOT_TAKEN = 409 "territory.not_taken",
        zh "方案还没有接管" / "客户还没有移交，先接管方案，再移交已排的拜访。",
        en "Not taken over yet" / "The customers have not changed hands; take the proposal over first, then hand the planned visits over.";
    /// A frequency rule names the territory.
    IN_USE = 409 "territory.in_use",
        zh "区域正在使用" / "频次规则“{rule}”引用了这个区域，请先修改规则。",
        en "Territory in use" / "The frequency rule “{rule}” names this territory; change the rule first.";
}
