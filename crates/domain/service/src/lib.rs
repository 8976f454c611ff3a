//! After-sales service: what stands at customers, what is wrong with it, who puts it right, with which parts, and what the
//! customer signs.
//!
//! Nouns: Equipment (a tree at a customer, with a label), OrderType (targets, steps, pauses), WorkOrder (a fault on its way
//! from the desk to the signature, with every move), Part, Stock (a store or somebody's van) and its moves, PartRequest,
//! Report (what was signed, fixed for good), MaintenancePlan (what comes round, by date or by meter), Meter and its readings,
//! InspectionPlan and InspectionRound (points and equipment looked at in order).
//!
//! Invariants
//! * An order moves by [`orders::rules::after`] alone, and each move is one row with person and three times: the phone's,
//!   the server's, and the one that counts, which lies between the move before and the receipt. Nothing can be back-dated.
//! * Who is asked has the type's time to answer; then the order is the desk's again. An order on somebody's day is a task of
//!   his, so plan, board and route know of it, and its visit is a visit like all others.
//! * Targets are working minutes of the company's calendar. A pause whose reason says so stops the clock.
//! * A stock is never negative. A use the stock did not cover is kept with what was short: nobody loses a record.
//! * A report's content is fixed when it is signed; its document is made of nothing else, kept byte for byte, and named in
//!   the company's log. People without a sign-in reach one order or one label by a random word, and nothing else.
//!
//! Events: `task` `{order, status}`; notices `order.*` to the person asked and to whoever looks after the order.

mod clock;
mod equipment;
mod erase;
mod inspections;
mod links;
mod maintenance;
mod meters;
pub mod orders;
mod parts;
mod public;
mod report;
mod types;
mod watch;

pub use equipment::EquipmentCard;
pub use erase::erase;
pub use meters::{ReadOnSite, read_on_site};
pub use orders::{FieldOrder, WorkOrder, phone};
pub use parts::{Van, mine as my_van, request as request_part, use_up as use_part};

use std::sync::Arc;

use api::{Kit, Routes, axum::Extension};
use dispatch::Dispatch;
use uuid::Uuid;

/// Handle to the running part. Cheap to clone; background work ends with the last one.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

pub(crate) struct Inner {
    kit: Kit,
    dispatch: Dispatch,
    strangers: public::Strangers,
    photographers: public::Strangers,
    looked: parking_lot::Mutex<watch::Looked>,
}

impl Service {
    /// Starts watching orders. Once a process.
    pub fn start(kit: &Kit, dispatch: &Dispatch) -> Service {
        let inner = Arc::new(Inner {
            kit: kit.clone(),
            dispatch: dispatch.clone(),
            strangers: public::Strangers::reporting(),
            photographers: public::Strangers::picturing(),
            looked: Default::default(),
        });
        tokio::spawn(watch::watch(Arc::downgrade(&inner)));
        Service(inner)
    }

    /// Does what is due in a company, as the watching does by itself: questions nobody answered go back, what is late is
    /// told, maintenance that is due becomes orders, documents of signed reports are made.
    ///
    /// # Errors
    /// When the store cannot be read or written; the watching tries again.
    pub async fn settle(&self, tenant: Uuid) -> db::Result<()> {
        watch::come_round(&self.0, tenant).await?;
        watch::settle(&self.0, tenant).await
    }
}

/// Routes under `/api/v1`.
pub fn routes(kit: &Kit, service: &Service) -> Routes {
    let service = service.clone();
    Routes::new(kit)
        .merge(equipment::routes(kit))
        .merge(meters::routes(kit))
        .merge(maintenance::routes(kit))
        .merge(inspections::routes(kit))
        .merge(types::routes(kit))
        .merge(orders::routes(kit))
        .merge(parts::routes(kit))
        .merge(report::routes(kit))
        .merge(public::routes(kit))
        .map(|r| r.layer(Extension(service)))
}

base::problems! {
    CODE_TAKEN = 409 "service.code_taken",
        zh "编号已被使用" / "已有编号“{code}”，请换一个编号。",
        en "Number taken" / "There is something with the number “{code}”; choose another.";
    NAME_TAKEN = 409 "service.name_taken",
        zh "名称已被使用" / "已有“{name}”，请换一个名称。",
        en "Name taken" / "There is something called “{name}”; choose another name.";
    KIND_RETIRED = 422 "equipment.type_retired",
        zh "设备类型已停用" / "请选择一个启用的设备类型。",
        en "Equipment type retired" / "Choose an equipment type that is in use.";
    /// A file of more lines than one may have.
    TOO_MANY = 422 "equipment.too_many",
        zh "设备太多" / "一次最多导出 5 万台设备，请加上筛选条件。",
        en "Too much equipment" / "A file holds at most 50,000 pieces; add filters.";
    /// A piece of equipment below itself, or below one of another customer.
    PARENT = 422 "equipment.parent",
        zh "上级设备无效" / "上级设备必须属于同一客户，且不能是它自己或它的下级，层级不超过 20。",
        en "Invalid parent" / "The parent must be at the same customer, not the equipment itself nor anything below it, at most 20 levels.";
    /// A move that the state of the order does not allow.
    NOT_NOW = 409 "order.not_now",
        zh "工单状态不允许" / "工单已有变化，现在不能这样操作，请刷新后查看。",
        en "Not possible in this state" / "The order has moved on and this cannot be done now; reload to see how it stands.";
    /// The time to answer is over, or the desk took it back.
    OVER = 409 "order.over",
        zh "接单时限已过" / "这张工单已收回或超时，已退回派单员，不会排进你的路线。",
        en "The time to answer is over" / "This order was taken back or has expired; it went back to the desk and is not in your day.";
    RETIRED = 422 "order.type_retired",
        zh "工单类型已停用" / "请选择一个启用的工单类型。",
        en "Order type retired" / "Choose an order type that is in use.";
    EQUIPMENT = 422 "order.equipment",
        zh "设备无效" / "请选择这家客户的、没有报废的设备。",
        en "Invalid equipment" / "Choose equipment of this customer that is not scrapped.";
    /// A pause whose reason the type does not offer.
    PAUSE = 422 "order.pause",
        zh "暂停原因无效" / "请选择该工单类型允许的暂停原因。",
        en "Invalid reason" / "Choose one of the reasons this type of order allows.";
    PARTS_MISSING = 422 "order.parts_missing",
        zh "还没有登记备件" / "此类工单完工前必须登记所用备件。",
        en "No parts yet" / "Orders of this type cannot be finished before their parts are entered.";
    SIGNATURE = 422 "order.signature",
        zh "缺少签字" / "请让客户写下姓名并签字。",
        en "No signature" / "Let the customer write his name and sign.";
    /// Less lies in the stock than is to be taken out.
    SHORT = 409 "stock.short",
        zh "库存不足" / "{name} 只有 {have}，不够 {want}。",
        en "Not enough in stock" / "There are {have} of {name}, not {want}.";
    SAME_STOCK = 422 "stock.same",
        zh "调拨无效" / "请选择两个不同的仓库。",
        en "Invalid transfer" / "Choose two different stocks.";
    /// A reading below the one before it, without saying that the meter was replaced.
    METER_LOWER = 409 "meter.lower",
        zh "读数比上次小" / "“{name}”上次读数是 {last} {unit}。如果换了表，请勾选“已换表”；否则请核对读数。",
        en "Reading below the last" / "“{name}” last said {last} {unit}. If the meter was replaced, say so; else check the reading.";
    /// A late reading above the one after it.
    METER_HIGHER = 409 "meter.higher",
        zh "读数比之后的大" / "“{name}”之后的读数是 {next} {unit}，比这次小。请核对读数，或先撤回之后的错误读数。",
        en "Reading above a later one" / "“{name}” said {next} {unit} later, which is less. Check the reading, or withdraw the later one first.";
    /// A point of a plan that no round can be made of.
    CANNOT = 422 "inspection.cannot",
        zh "巡检点做不了" / "第 {number} 点“{point}”：{reason}。请先修改巡检计划。",
        en "A point cannot be made" / "Point {number} “{point}”: {reason}. Change the inspection plan first.";
    /// Another turn is the next one by now.
    MOVED_ON = 409 "maintenance.moved_on",
        zh "保养计划已变化" / "这一次已生成工单或已跳过，请刷新后再操作。",
        en "The plan has moved on" / "This turn has become an order or was left out; reload and look again.";
    RATED = 409 "report.rated",
        zh "已评价" / "这次服务已经评价过了，谢谢。",
        en "Rated already" / "This service was rated already; thank you.";
    PHOTO_KIND = 422 "portal.photo_kind",
        zh "不支持的图片" / "请上传 JPEG、PNG 或 WebP 照片。",
        en "Not a supported picture" / "Send a JPEG, PNG or WebP picture.";
    PHOTO_PIXELS = 422 "portal.photo_pixels",
        zh "照片尺寸过大" / "照片不能超过 2400 万像素，请缩小后再传。",
        en "Picture too large" / "A picture may have at most 24 million pixels; make it smaller.";
    PHOTOS_MANY = 409 "portal.photos_many",
        zh "照片已够" / "一张报修单最多附 3 张照片。",
        en "Enough pictures" / "A report takes at most 3 pictures.";
    /// Faults of this equipment wait already.
    ENOUGH = 429 "portal.enough",
        zh "报修已登记" / "这台设备已有 {count} 次报修在处理，请等待联系。",
        en "Reported already" / "{count} reports of this equipment are being looked after; somebody will call you.";
}
