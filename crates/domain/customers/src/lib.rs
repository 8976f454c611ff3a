//! Whom we visit.
//!
//! Nouns: Customer, Whom (who is to visit him besides his owner, and who never), Contact, Class (fence radius, shortest stay, check-ins from outside), Grades (how much a customer matters, by the company's own list), Problem (an open complaint), Ownership (who had him
//! from when to when, and why).
//!
//! Invariants
//! * Positions are stored in WGS-84 only; an input states its datum and is converted at the door.
//! * A customer belongs to a department and, unless nobody has him yet, to an employee: both decide who sees him.
//! * Telephone numbers leave the server masked; the full number is a request of its own and is audited.
//! * Every change of owner is kept with its time and cause.
//! * Opening hours are in the company's zone; who states none is open always.
//! * Customers are archived, never deleted: visits keep pointing at them.
//!
//! Upper floors use [`Place`]: a customer reduced to what planning and fences need.

mod area;
mod class;
mod contact;
mod export;
mod grades;
mod hours;
mod http;
mod import;
mod model;
mod order;
mod outside;
mod owner;
mod problem;
mod spot;
mod sql;
mod whom;

pub use area::{empty_territory, put_in_territory, territory_exists};
pub use class::class_exists;
pub use contact::{Contact, contacts, contacts_of_mine};
pub use grades::{Grades, grades};
pub use hours::{OpenSpan, OpeningHours, span_text};
pub use http::routes;
pub use model::{Customer, Place, Served};
pub use order::complete as complete_order;
pub use outside::{OutsideRule, outside_by_class};
pub use owner::{Ownership, hand_over};
pub use problem::{Problem360, open_problem, problems, problems_of_mine};
pub use spot::{NewSpot, add_spot};
pub use sql::{
    all_places, customer, customer_of_company, for_field, place, place_of_company, places, places_known,
    served, served_one, touch_last_visit,
};
pub use whom::{CustomerPeople, Whom, names_of};

base::problems! {
    /// A person outside the caller's reach, or none at all, is named as owner.
    OWNER = 422 "customer.owner",
        zh "负责人无效" / "请选择你数据范围内的在职人员。",
        en "Invalid owner" / "Choose an active person within your scope.";
    /// Opening hours that cannot be.
    HOURS = 422 "customer.hours",
        zh "营业时间无效" / "请写成 1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00 这样的形式（1 为周一）：每天最多 3 段，不重叠，不跨零点；休息日写 closed 2026-02-17。",
        en "Invalid opening hours" / "Write them like 1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00 (1 is Monday): at most 3 spans a day, none overlapping or over midnight; days closed as closed 2026-02-17.";
    /// Somebody is to come and never to come, or the owner is never to come.
    BARRED = 422 "customer.barred",
        zh "人员安排矛盾" / "优先人员和负责人不能同时是“不派”的人，请改其中一项。",
        en "People contradict each other" / "The owner and the preferred person cannot be barred; change one of the two.";
    /// Customers have a grade that is left out of the list.
    GRADE_IN_USE = 409 "customer.grade_in_use",
        zh "还有客户是这个等级" / "还有 {count} 家客户是“{grade}”，请先给它们换等级。",
        en "Customers have this grade" / "Customers of grade {grade}: {count}. Give them another grade first.";
    CODE_TAKEN = 422 "customer.code_taken",
        zh "客户编号已存在" / "请换一个编号，或修改已有的客户。",
        en "Customer code taken" / "Choose another code or edit the existing customer.";
}
