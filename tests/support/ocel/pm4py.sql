PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "event" (
"ocel_id" TEXT,
  "ocel_type" TEXT
);
INSERT INTO event VALUES('e4','办结');
INSERT INTO event VALUES('e1','收件');
INSERT INTO event VALUES('e2','受理');
INSERT INTO event VALUES('e3','审查');
INSERT INTO event VALUES('e5','收件');
INSERT INTO event VALUES('e6','受理');
INSERT INTO event VALUES('e7','审查');
INSERT INTO event VALUES('e8','盘点');
CREATE TABLE IF NOT EXISTS "object" (
"ocel_id" TEXT,
  "ocel_type" TEXT
);
INSERT INTO object VALUES('A-1','办件');
INSERT INTO object VALUES('A-2','办件');
INSERT INTO object VALUES('M-1','material');
CREATE TABLE IF NOT EXISTS "event_map_type" (
"ocel_type" TEXT,
  "ocel_type_map" TEXT
);
INSERT INTO event_map_type VALUES('办结','Type');
INSERT INTO event_map_type VALUES('受理','Type_2');
INSERT INTO event_map_type VALUES('审查','Type_3');
INSERT INTO event_map_type VALUES('收件','Type_4');
INSERT INTO event_map_type VALUES('盘点','Type_5');
CREATE TABLE IF NOT EXISTS "object_map_type" (
"ocel_type" TEXT,
  "ocel_type_map" TEXT
);
INSERT INTO object_map_type VALUES('material','Material');
INSERT INTO object_map_type VALUES('办件','Type');
CREATE TABLE IF NOT EXISTS "event_object" (
"ocel_event_id" TEXT,
  "ocel_object_id" TEXT,
  "ocel_qualifier" TEXT
);
INSERT INTO event_object VALUES('e1','A-1','subject');
INSERT INTO event_object VALUES('e1','M-1','material');
INSERT INTO event_object VALUES('e2','A-1','subject');
INSERT INTO event_object VALUES('e3','A-1','subject');
INSERT INTO event_object VALUES('e3','A-2','mentioned');
INSERT INTO event_object VALUES('e4','A-1','subject');
INSERT INTO event_object VALUES('e5','A-2','subject');
INSERT INTO event_object VALUES('e6','A-2','subject');
INSERT INTO event_object VALUES('e7','A-2','subject');
INSERT INTO event_object VALUES('e8','M-1','material');
CREATE TABLE IF NOT EXISTS "object_object" (
"ocel_source_id" REAL,
  "ocel_target_id" REAL,
  "ocel_qualifier" REAL
);
CREATE TABLE IF NOT EXISTS "event_Type" (
"ocel_id" TEXT,
  "ocel:activity" TEXT,
  "ocel_time" TIMESTAMP,
  "经办人" TEXT,
  "窗口" INTEGER
);
INSERT INTO event_Type VALUES('e4','办结','2026-03-05 08:00:00+00:00','赵',3);
CREATE TABLE IF NOT EXISTS "event_Type_2" (
"ocel_id" TEXT,
  "ocel:activity" TEXT,
  "ocel_time" TIMESTAMP,
  "经办人" TEXT,
  "窗口" INTEGER
);
INSERT INTO event_Type_2 VALUES('e2','受理','2026-03-02 02:00:00+00:00','王',1);
INSERT INTO event_Type_2 VALUES('e6','受理','2026-03-02 05:00:00+00:00','王',1);
CREATE TABLE IF NOT EXISTS "event_Type_3" (
"ocel_id" TEXT,
  "ocel:activity" TEXT,
  "ocel_time" TIMESTAMP,
  "经办人" TEXT,
  "窗口" INTEGER
);
INSERT INTO event_Type_3 VALUES('e3','审查','2026-03-03 02:00:00+00:00','李',2);
INSERT INTO event_Type_3 VALUES('e7','审查','2026-03-04 03:00:00+00:00','李',2);
CREATE TABLE IF NOT EXISTS "event_Type_4" (
"ocel_id" TEXT,
  "ocel:activity" TEXT,
  "ocel_time" TIMESTAMP,
  "经办人" TEXT,
  "窗口" INTEGER
);
INSERT INTO event_Type_4 VALUES('e1','收件','2026-03-02 01:00:00+00:00','王',1);
INSERT INTO event_Type_4 VALUES('e5','收件','2026-03-02 03:00:00+00:00','王',1);
CREATE TABLE IF NOT EXISTS "event_Type_5" (
"ocel_id" TEXT,
  "ocel:activity" TEXT,
  "ocel_time" TIMESTAMP,
  "经办人" TEXT,
  "窗口" INTEGER
);
INSERT INTO event_Type_5 VALUES('e8','盘点','2026-03-04 03:00:00+00:00','李',2);
CREATE TABLE IF NOT EXISTS "object_Material" (
"ocel_id" TEXT,
  "kind" TEXT
);
INSERT INTO object_Material VALUES('M-1','身份证');
CREATE TABLE IF NOT EXISTS "object_Type" (
"ocel_id" TEXT,
  "hall" TEXT,
  "ocel_changed_field" TEXT,
  "ocel_time" TIMESTAMP
);
INSERT INTO object_Type VALUES('A-1','北大厅',NULL,NULL);
INSERT INTO object_Type VALUES('A-2','南大厅',NULL,NULL);
INSERT INTO object_Type VALUES('A-2','西大厅','hall','2026-03-03 00:00:00+00:00');
COMMIT;
