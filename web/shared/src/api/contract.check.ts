/**
 * Holds the words both apps use against the server's own document: a member that one side has and the other
 * lacks is a type error here. `openapi.d.ts` is generated (`make api-types`).
 */
import type { components } from './openapi';
import type * as Apps from './schema';

type Server = components['schemas'];
type Differs<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Same<A, B> = [Differs<A, B>] extends [never] ? true : Differs<A, B>;

export const agreed: {
  Ref: Same<Server['Ref'], Apps.Ref>;
  GalleryPhoto: Same<Server['GalleryPhoto'], Apps.GalleryPhoto>;
  OrderPhoto: Same<Server['OrderPhoto'], Apps.OrderPhoto>;
  FormFile: Same<Server['FormFile'], Apps.FormFile>;
  FieldChoice: Same<Server['FieldChoice'], Apps.FieldChoice>;
  FieldChoices: Same<Server['FieldChoices'], Apps.FieldChoices>;
  Company: Same<Server['Company'], Apps.Company>;
  Me: Same<Server['Me'], Apps.Me>;
  SignedIn: Same<Server['SignedIn'], Apps.SignedIn>;
  Employee: Same<Server['Employee'], Apps.Employee>;
  EmployeeCreated: Same<Server['EmployeeCreated'], Apps.EmployeeCreated>;
  Department: Same<Server['Department'], Apps.Department>;
  Role: Same<Server['Role'], Apps.Role>;
  Calendar: Same<Server['Calendar'], Apps.Calendar>;
  LocationPolicy: Same<Server['LocationPolicy'], Apps.LocationPolicy>;
  MyPolicy: Same<Server['MyPolicy'], Apps.MyPolicy>;
  Tracker: Same<Server['Tracker'], Apps.Tracker>;
  TrackerCreated: Same<Server['TrackerCreated'], Apps.TrackerCreated>;
  Device: Same<Server['Device'], Apps.Device>;
  LedgerEntry: Same<Server['LedgerEntry'], Apps.LedgerEntry>;
  LedgerState: Same<Server['LedgerState'], Apps.LedgerState>;
  CheckpointInfo: Same<Server['CheckpointInfo'], Apps.CheckpointInfo>;
  Inspection: Same<Server['Inspection'], Apps.Inspection>;
  LogLine: Same<Server['LogLine'], Apps.LogLine>;
  Receipt: Same<Server['Receipt'], Apps.Receipt>;
  AuditEntry: Same<Server['AuditEntry'], Apps.AuditEntry>;
  Notice: Same<Server['Notice'], Apps.Notice>;
  CustomerClass: Same<Server['CustomerClass'], Apps.CustomerClass>;
  Contact: Same<Server['Contact'], Apps.Contact>;
  Problem360: Same<Server['Problem360'], Apps.Problem360>;
  Customer: Same<Server['Customer'], Apps.Customer>;
  CustomerPoint: Same<Server['CustomerPoint'], Apps.CustomerPoint>;
  Ownership: Same<Server['Ownership'], Apps.Ownership>;
  Territory: Same<Server['Territory'], Apps.Territory>;
  Division: Same<Server['Division'], Apps.Division>;
  DivisionLine: Same<Server['DivisionLine'], Apps.DivisionLine>;
  Customer360: Same<Server['Customer360'], Apps.Customer360>;
  Equipment: Same<Server['Equipment'], Apps.Equipment>;
  EquipmentOrder: Same<Server['EquipmentOrder'], Apps.EquipmentOrder>;
  EquipmentPage: Same<Server['EquipmentPage'], Apps.EquipmentPage>;
  EquipmentCard: Same<Server['EquipmentCard'], Apps.EquipmentCard>;
  OrderType: Same<Server['OrderType'], Apps.OrderType>;
  WorkOrder: Same<Server['WorkOrder'], Apps.WorkOrder>;
  OrderEvent: Same<Server['OrderEvent'], Apps.OrderEvent>;
  SparePart: Same<Server['SparePart'], Apps.SparePart>;
  StockLine: Same<Server['StockLine'], Apps.StockLine>;
  Stock: Same<Server['Stock'], Apps.Stock>;
  StockMove: Same<Server['StockMove'], Apps.StockMove>;
  OrderPart: Same<Server['OrderPart'], Apps.OrderPart>;
  PartRequest: Same<Server['PartRequest'], Apps.PartRequest>;
  ServiceReportRef: Same<Server['ServiceReportRef'], Apps.ServiceReportRef>;
  OrderDetail: Same<Server['OrderDetail'], Apps.OrderDetail>;
  FieldOrder: Same<Server['FieldOrder'], Apps.FieldOrder>;
  Van: Same<Server['Van'], Apps.Van>;
  LabelledEquipment: Same<Server['LabelledEquipment'], Apps.LabelledEquipment>;
  FaultTaken: Same<Server['FaultTaken'], Apps.FaultTaken>;
  PublicOrder: Same<Server['PublicOrder'], Apps.PublicOrder>;
  Step: Same<Server['Step'], Apps.Step>;
  FormLine: Same<Server['FormLine'], Apps.FormLine>;
  FormVersionLine: Same<Server['FormVersionLine'], Apps.FormVersionLine>;
  FormPage: Same<Server['FormPage'], Apps.FormPage>;
  SpecFault: Same<Server['SpecFault'], Apps.SpecFault>;
  LibraryForm: Same<Server['LibraryForm'], Apps.LibraryForm>;
  FormChange: Same<Server['FormChange'], Apps.FormChange>;
  FormLoss: Same<Server['FormLoss'], Apps.FormLoss>;
  XlsformReading: Same<Server['XlsformReading'], Apps.XlsformReading>;
  XlsformLosses: Same<Server['XlsformLosses'], Apps.XlsformLosses>;
  CollectSetup: Same<Server['CollectSetup'], Apps.CollectSetup>;
  PinnedForm: Same<Server['PinnedForm'], Apps.PinnedForm>;
  FlowLine: Same<Server['FlowLine'], Apps.FlowLine>;
  FlowFault: Same<Server['FlowFault'], Apps.FlowFault>;
  FlowVersionLine: Same<Server['FlowVersionLine'], Apps.FlowVersionLine>;
  FlowPage: Same<Server['FlowPage'], Apps.FlowPage>;
  FlowChange: Same<Server['FlowChange'], Apps.FlowChange>;
  SubjectRef: Same<Server['SubjectRef'], Apps.SubjectRef>;
  SubjectLine: Same<Server['SubjectLine'], Apps.SubjectLine>;
  SubjectField: Same<Server['SubjectField'], Apps.SubjectField>;
  SubjectOption: Same<Server['SubjectOption'], Apps.SubjectOption>;
  Foreseen: Same<Server['Foreseen'], Apps.Foreseen>;
  ForeseenStep: Same<Server['ForeseenStep'], Apps.ForeseenStep>;
  ApprovalRow: Same<Server['ApprovalRow'], Apps.ApprovalRow>;
  OwnAsk: Same<Server['OwnAsk'], Apps.OwnAsk>;
  TrailLine: Same<Server['TrailLine'], Apps.TrailLine>;
  ApprovalPage: Same<Server['ApprovalPage'], Apps.ApprovalPage>;
  ApprovalCounts: Same<Server['ApprovalCounts'], Apps.ApprovalCounts>;
  Colleague: Same<Server['Colleague'], Apps.Colleague>;
  Delegation: Same<Server['Delegation'], Apps.Delegation>;
  NewAction: Same<Server['NewAction'], Apps.NewAction>;
  BulkReceipt: Same<Server['BulkReceipt'], Apps.BulkReceipt>;
  FormRecordRow: Same<Server['FormRecordRow'], Apps.FormRecordRow>;
  FormSummary: Same<Server['FormSummary'], Apps.FormSummary>;
  QuestionSummary: Same<Server['QuestionSummary'], Apps.QuestionSummary>;
  GivenAnswer: Same<Server['GivenAnswer'], Apps.GivenAnswer>;
  FormRecord: Same<Server['FormRecord'], Apps.FormRecord>;
  FormEdit: Same<Server['FormEdit'], Apps.FormEdit>;
  WorkShift: Same<Server['WorkShift'], Apps.WorkShift>;
  ShiftPattern: Same<Server['ShiftPattern'], Apps.ShiftPattern>;
  Roster: Same<Server['Roster'], Apps.Roster>;
  RosterRow: Same<Server['RosterRow'], Apps.RosterRow>;
  RosterCell: Same<Server['RosterCell'], Apps.RosterCell>;
  PunchPlace: Same<Server['PunchPlace'], Apps.PunchPlace>;
  PunchRule: Same<Server['PunchRule'], Apps.PunchRule>;
  LeaveType: Same<Server['LeaveType'], Apps.LeaveType>;
  Punch: Same<Server['Punch'], Apps.Punch>;
  AttendanceOutcome: Same<Server['AttendanceOutcome'], Apps.AttendanceOutcome>;
  LeaveBalance: Same<Server['LeaveBalance'], Apps.LeaveBalance>;
  AttendanceRequest: Same<Server['AttendanceRequest'], Apps.AttendanceRequest>;
  MyAttendance: Same<Server['MyAttendance'], Apps.MyAttendance>;
  MyAttendanceMonth: Same<Server['MyAttendanceMonth'], Apps.MyAttendanceMonth>;
  MyAttendanceDay: Same<Server['MyAttendanceDay'], Apps.MyAttendanceDay>;
  AttendanceTotals: Same<Server['AttendanceTotals'], Apps.AttendanceTotals>;
  AttendanceMonth: Same<Server['AttendanceMonth'], Apps.AttendanceMonth>;
  AttendanceSheet: Same<Server['AttendanceSheet'], Apps.AttendanceSheet>;
  SheetRow: Same<Server['SheetRow'], Apps.SheetRow>;
  SheetCell: Same<Server['SheetCell'], Apps.SheetCell>;
  AttendanceToday: Same<Server['AttendanceToday'], Apps.AttendanceToday>;
  TodayRow: Same<Server['TodayRow'], Apps.TodayRow>;
  AttendanceDay: Same<Server['AttendanceDay'], Apps.AttendanceDay>;
  Balances: Same<Server['Balances'], Apps.Balances>;
  BalanceRow: Same<Server['BalanceRow'], Apps.BalanceRow>;
  ArticleAudience: Same<Server['ArticleAudience'], Apps.ArticleAudience>;
  ReadingDuty: Same<Server['ReadingDuty'], Apps.ReadingDuty>;
  ArticleLine: Same<Server['ArticleLine'], Apps.ArticleLine>;
  ArticleFile: Same<Server['ArticleFile'], Apps.ArticleFile>;
  ArticleVersionLine: Same<Server['ArticleVersionLine'], Apps.ArticleVersionLine>;
  ArticleVersion: Same<Server['ArticleVersion'], Apps.ArticleVersion>;
  ArticlePage: Same<Server['ArticlePage'], Apps.ArticlePage>;
  ArticleCategory: Same<Server['ArticleCategory'], Apps.ArticleCategory>;
  ArticleReader: Same<Server['ArticleReader'], Apps.ArticleReader>;
  ArticleReaders: Same<Server['ArticleReaders'], Apps.ArticleReaders>;
  ShelfLine: Same<Server['ShelfLine'], Apps.ShelfLine>;
  Shelf: Same<Server['Shelf'], Apps.Shelf>;
  FoundArticle: Same<Server['FoundArticle'], Apps.FoundArticle>;
  OpenArticle: Same<Server['OpenArticle'], Apps.OpenArticle>;
  PinnedGuide: Same<Server['PinnedGuide'], Apps.PinnedGuide>;
  PracticeTemplate: Same<Server['PracticeTemplate'], Apps.PracticeTemplate>;
  FieldPractice: Same<Server['FieldPractice'], Apps.FieldPractice>;
  Practice: Same<Server['Practice'], Apps.Practice>;
  ObjectLine: Same<Server['ObjectLine'], Apps.ObjectLine>;
  ObjectDefinition: Same<Server['ObjectDefinition'], Apps.ObjectDefinition>;
  ObjectGrant: Same<Server['ObjectGrant'], Apps.ObjectGrant>;
  MyObject: Same<Server['MyObject'], Apps.MyObject>;
  ObjectFace: Same<Server['ObjectFace'], Apps.ObjectFace>;
  CustomFields: Same<Server['CustomFields'], Apps.CustomFields>;
  SopReport: Same<Server['SopReport'], Apps.SopReport>;
  SopStep: Same<Server['SopStep'], Apps.SopStep>;
  SopPerson: Same<Server['SopPerson'], Apps.SopPerson>;
  SopFigures: Same<Server['SopFigures'], Apps.SopFigures>;
  SopPattern: Same<Server['SopPattern'], Apps.SopPattern>;
  SopPatternStep: Same<Server['SopPatternStep'], Apps.SopPatternStep>;
  ReadyTemplate: Same<Server['ReadyTemplate'], Apps.ReadyTemplate>;
  EquipmentType: Same<Server['EquipmentType'], Apps.EquipmentType>;
  FieldCondition: Same<Server['FieldCondition'], Apps.FieldCondition>;
  ObjectReport: Same<Server['ObjectReport'], Apps.ObjectReport>;
  SubjectChoice: Same<Server['SubjectChoice'], Apps.SubjectChoice>;
  ApprovalFile: Same<Server['ApprovalFile'], Apps.ApprovalFile>;
  ObjectRecordRow: Same<Server['ObjectRecordRow'], Apps.ObjectRecordRow>;
  ObjectRecord: Same<Server['ObjectRecord'], Apps.ObjectRecord>;
  ObjectEdit: Same<Server['ObjectEdit'], Apps.ObjectEdit>;
  ObjectLink: Same<Server['ObjectLink'], Apps.ObjectLink>;
  TaskTemplate: Same<Server['TaskTemplate'], Apps.TaskTemplate>;
  RouteLeg: Same<Server['RouteLeg'], Apps.RouteLeg>;
  Route: Same<Server['Route'], Apps.Route>;
  Plan: Same<Server['Plan'], Apps.Plan>;
  CheckLast: Same<Server['CheckLast'], Apps.CheckLast>;
  CheckScore: Same<Server['CheckScore'], Apps.CheckScore>;
  CheckFailure: Same<Server['CheckFailure'], Apps.CheckFailure>;
  PlanChange: Same<Server['PlanChange'], Apps.PlanChange>;
  PlanChangeDay: Same<Server['PlanChangeDay'], Apps.PlanChangeDay>;
  PlanChangeStop: Same<Server['PlanChangeStop'], Apps.PlanChangeStop>;
  PlanChangeRule: Same<Server['PlanChangeRule'], Apps.PlanChangeRule>;
  KeptPlanChangeRule: Same<Server['KeptPlanChangeRule'], Apps.KeptPlanChangeRule>;
  TaskReminderRule: Same<Server['KeptTaskReminderRule'], Apps.TaskReminderRule>;
  PlanWays: Same<Server['PlanWays'], Apps.PlanWays>;
  Task: Same<Server['Task'], Apps.Task>;
  FenceReading: Same<Server['FenceReading'], Apps.FenceReading>;
  VisitRow: Same<Server['VisitRow'], Apps.VisitRow>;
  PhotoRef: Same<Server['PhotoRef'], Apps.PhotoRef>;
  VisitStep: Same<Server['VisitStep'], Apps.VisitStep>;
  Visit: Same<Server['Visit'], Apps.Visit>;
  LivePerson: Same<Server['LivePerson'], Apps.LivePerson>;
  LiveBoard: Same<Server['LiveBoard'], Apps.LiveBoard>;
  Playback: Same<Server['Playback'], Apps.Playback>;
  DaySummary: Same<Server['DaySummary'], Apps.DaySummary>;
  DailyReport: Same<Server['DailyReport'], Apps.DailyReport>;
  TrackingHealth: Same<Server['TrackingHealth'], Apps.TrackingHealth>;
  TrackingHealthBoard: Same<Server['TrackingHealthBoard'], Apps.TrackingHealthBoard>;
  Home: Same<Server['Home'], Apps.Home>;
  Readiness: Same<Server['Readiness'], Apps.Readiness>;
  MileageMonth: Same<Server['MileageMonth'], Apps.MileageMonth>;
  MileageStatement: Same<Server['MileageStatement'], Apps.MileageStatement>;
  MileageDay: Same<Server['MileageDay'], Apps.MileageDay>;
  Retention: Same<Server['Retention'], Apps.Retention>;
  DutyEntry: Same<Server['DutyEntry'], Apps.DutyEntry>;
  DutyCalendar: Same<Server['DutyCalendar'], Apps.DutyCalendar>;
  ImportPreview: Same<Server['ImportPreview'], Apps.ImportPreview>;
  Basemap: Same<Server['Basemap'], Apps.Basemap>;
  FieldSnapshot: Same<Server['FieldSnapshot'], Apps.FieldSnapshot>;
  SyncReceipt: Same<Server['SyncReceipt'], Apps.SyncReceipt>;
  SyncAnswer: Same<Server['SyncAnswer'], Apps.SyncAnswer>;
  FixesAnswer: Same<Server['FixesAnswer'], Apps.FixesAnswer>;
  UploadState: Same<Server['UploadState'], Apps.UploadState>;
  Fence: Same<Server['Fence'], Apps.Fence>;
  FenceTell: Same<Server['FenceTell'], Apps.FenceTell>;
  FenceEvent: Same<Server['FenceEvent'], Apps.FenceEvent>;
  FenceExpectations: Same<Server['FenceExpectations'], Apps.FenceExpectations>;
  Patrol: Same<Server['Patrol'], Apps.Patrol>;
  PatrolDay: Same<Server['PatrolDay'], Apps.PatrolDay>;
  NearAnswer: Same<Server['NearAnswer'], Apps.NearAnswer>;
  Finding: Same<Server['Finding'], Apps.Finding>;
  FindingDetail: Same<Server['FindingDetail'], Apps.FindingDetail>;
  FindingEvent: Same<Server['FindingEvent'], Apps.FindingEvent>;
  TruthCard: Same<Server['TruthCard'], Apps.TruthCard>;
  CardSeals: Same<Server['CardSeals'], Apps.CardSeals>;
  DeviceKey: Same<Server['DeviceKey'], Apps.DeviceKey>;
  TruthRules: Same<Server['TruthRules'], Apps.TruthRules>;
  TruthStatistics: Same<Server['TruthStatistics'], Apps.TruthStatistics>;
  UrgentRequest: Same<Server['UrgentRequest'], Apps.UrgentRequest>;
  UrgentDetail: Same<Server['UrgentDetail'], Apps.UrgentDetail>;
  UrgentCall: Same<Server['UrgentCall'], Apps.UrgentCall>;
  DispatchRules: Same<Server['DispatchRules'], Apps.DispatchRules>;
  PersonSkills: Same<Server['PersonSkills'], Apps.PersonSkills>;
  UrgentFactors: Same<Server['Factors'], Apps.UrgentFactors>;
  UrgentOffer: Same<Server['Offer'], Apps.UrgentOffer>;
  UrgentCandidate: Same<Server['Candidate'], Apps.UrgentCandidate>;
  UrgentCandidates: Same<Server['Candidates'], Apps.UrgentCandidates>;
} = {
  Ref: true,
  GalleryPhoto: true,
  OrderPhoto: true,
  FormFile: true,
  FieldChoice: true,
  FieldChoices: true,
  Company: true,
  Me: true,
  SignedIn: true,
  Employee: true,
  EmployeeCreated: true,
  Department: true,
  Role: true,
  Calendar: true,
  LocationPolicy: true,
  MyPolicy: true,
  Tracker: true,
  TrackerCreated: true,
  Device: true,
  LedgerEntry: true,
  LedgerState: true,
  CheckpointInfo: true,
  Inspection: true,
  LogLine: true,
  Receipt: true,
  AuditEntry: true,
  Notice: true,
  CustomerClass: true,
  Contact: true,
  Problem360: true,
  Customer: true,
  CustomerPoint: true,
  Ownership: true,
  Territory: true,
  Division: true,
  DivisionLine: true,
  Customer360: true,
  Equipment: true,
  EquipmentOrder: true,
  EquipmentPage: true,
  EquipmentCard: true,
  OrderType: true,
  WorkOrder: true,
  OrderEvent: true,
  SparePart: true,
  StockLine: true,
  Stock: true,
  StockMove: true,
  OrderPart: true,
  PartRequest: true,
  ServiceReportRef: true,
  OrderDetail: true,
  FieldOrder: true,
  Van: true,
  LabelledEquipment: true,
  FaultTaken: true,
  PublicOrder: true,
  Step: true,
  FormLine: true,
  FormVersionLine: true,
  FormPage: true,
  SpecFault: true,
  LibraryForm: true,
  FormChange: true,
  FormLoss: true,
  XlsformReading: true,
  XlsformLosses: true,
  CollectSetup: true,
  PinnedForm: true,
  FlowLine: true,
  FlowFault: true,
  FlowVersionLine: true,
  FlowPage: true,
  FlowChange: true,
  SubjectRef: true,
  SubjectLine: true,
  SubjectField: true,
  SubjectOption: true,
  Foreseen: true,
  ForeseenStep: true,
  ApprovalRow: true,
  OwnAsk: true,
  TrailLine: true,
  ApprovalPage: true,
  ApprovalCounts: true,
  Colleague: true,
  Delegation: true,
  NewAction: true,
  BulkReceipt: true,
  FormRecordRow: true,
  FormSummary: true,
  QuestionSummary: true,
  GivenAnswer: true,
  FormRecord: true,
  FormEdit: true,
  WorkShift: true,
  ShiftPattern: true,
  Roster: true,
  RosterRow: true,
  RosterCell: true,
  PunchPlace: true,
  PunchRule: true,
  LeaveType: true,
  Punch: true,
  AttendanceOutcome: true,
  LeaveBalance: true,
  AttendanceRequest: true,
  MyAttendance: true,
  MyAttendanceMonth: true,
  MyAttendanceDay: true,
  AttendanceTotals: true,
  AttendanceMonth: true,
  AttendanceSheet: true,
  SheetRow: true,
  SheetCell: true,
  AttendanceToday: true,
  TodayRow: true,
  AttendanceDay: true,
  Balances: true,
  BalanceRow: true,
  ArticleAudience: true,
  ReadingDuty: true,
  ArticleLine: true,
  ArticleFile: true,
  ArticleVersionLine: true,
  ArticleVersion: true,
  ArticlePage: true,
  ArticleCategory: true,
  ArticleReader: true,
  ArticleReaders: true,
  ShelfLine: true,
  Shelf: true,
  FoundArticle: true,
  OpenArticle: true,
  PinnedGuide: true,
  PracticeTemplate: true,
  FieldPractice: true,
  Practice: true,
  ObjectLine: true,
  ObjectDefinition: true,
  ObjectGrant: true,
  MyObject: true,
  ObjectFace: true,
  CustomFields: true,
  SopReport: true,
  SopStep: true,
  SopPerson: true,
  SopFigures: true,
  SopPattern: true,
  SopPatternStep: true,
  ReadyTemplate: true,
  EquipmentType: true,
  FieldCondition: true,
  ApprovalFile: true,
  SubjectChoice: true,
  ObjectReport: true,
  ObjectRecordRow: true,
  ObjectRecord: true,
  ObjectEdit: true,
  ObjectLink: true,
  TaskTemplate: true,
  RouteLeg: true,
  Route: true,
  Plan: true,
  CheckLast: true,
  CheckScore: true,
  CheckFailure: true,
  PlanChange: true,
  PlanChangeDay: true,
  PlanChangeStop: true,
  PlanChangeRule: true,
  KeptPlanChangeRule: true,
  TaskReminderRule: true,
  PlanWays: true,
  Task: true,
  FenceReading: true,
  VisitRow: true,
  PhotoRef: true,
  VisitStep: true,
  Visit: true,
  LivePerson: true,
  LiveBoard: true,
  Playback: true,
  DaySummary: true,
  DailyReport: true,
  TrackingHealth: true,
  TrackingHealthBoard: true,
  Home: true,
  Readiness: true,
  MileageMonth: true,
  MileageStatement: true,
  MileageDay: true,
  Retention: true,
  DutyEntry: true,
  DutyCalendar: true,
  ImportPreview: true,
  Basemap: true,
  FieldSnapshot: true,
  SyncReceipt: true,
  SyncAnswer: true,
  FixesAnswer: true,
  UploadState: true,
  Fence: true,
  FenceTell: true,
  FenceEvent: true,
  FenceExpectations: true,
  Patrol: true,
  PatrolDay: true,
  NearAnswer: true,
  Finding: true,
  FindingDetail: true,
  FindingEvent: true,
  TruthCard: true, CardSeals: true, DeviceKey: true,
  TruthRules: true,
  TruthStatistics: true,
  UrgentFactors: true,
  UrgentOffer: true,
  UrgentCandidate: true,
  UrgentCandidates: true,
  UrgentRequest: true,
  UrgentDetail: true,
  UrgentCall: true,
  DispatchRules: true,
  PersonSkills: true,
};
