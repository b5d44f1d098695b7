//! The one error of the program: a stable code, a place, a cause, a remedy.
//!
//! The table [`ALL`] is the source of `model-monitor explain` and of the documentation.

mod code;
mod failed;
mod kind;
mod plain;

pub use code::Code;
pub use failed::{Error, Result};
pub use kind::{EXIT_VIOLATIONS, Kind};
pub use plain::printable;

macro_rules! codes {
    ($($name:ident = $code:literal, $kind:ident, $title:literal, $causes:literal, $remedy:literal;)+) => {
        $(#[doc = $title] pub static $name: Code = Code { code: $code, kind: Kind::$kind, title: $title, causes: $causes, remedy: $remedy };)+
        /// Every error, in the order of the codes.
        pub static ALL: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    VARIABLE_MISSING = "MM-CONTRACT-001", Usage, "a variable that the job needs is not set",
        "The variable is set neither as a flag, nor in the process's environment, nor in the Environment of processingjobconfig.json.",
        "Set the variable or pass the flag of the same name. SageMaker sets it for monitoring schedules; a plain processing job must set it itself.";
    VARIABLE_INVALID = "MM-CONTRACT-002", Usage, "a variable has a value that cannot be read",
        "The value is misspelt, of the wrong type, or not valid JSON. Curly quotes pasted from a web page are a common reason.",
        "Correct the value; the message names the variable and what it accepts.";
    VARIABLE_UNSUPPORTED = "MM-CONTRACT-003", Usage, "the job asks for something that is not supported",
        "A variable of the contract asks for a kind of analysis or for a script that this version does not run. It is refused so that nothing is skipped silently.",
        "Unset it. Scripts and analyses that are not supported here run in AWS's prebuilt container.";
    JOB_CONFIG_UNREADABLE = "MM-CONTRACT-004", Usage, "a file of the job's configuration cannot be read",
        "processingjobconfig.json or resourceconfig.json exists and is not readable JSON of the documented form.",
        "Mend or remove the file; neither is needed.";
    INPUT_MODE_UNSUPPORTED = "MM-CONTRACT-005", Usage, "an input arrives in a way that cannot be analysed",
        "The job mounts an input in Pipe mode, or spreads one over several hosts (ShardedByS3Key): each host would see a part only and write results that look whole.",
        "Use S3InputMode File with FullyReplicated, or one instance.";
    USAGE = "MM-CONTRACT-006", Usage, "the command line cannot be read",
        "An unknown command or flag, or a flag without its value.",
        "Run model-monitor --help.";
    ROLE_AMBIGUOUS = "MM-CONTRACT-007", Usage, "it cannot be told which monitor is meant",
        "The variables and the analysis configuration speak of different monitors, and nothing says which one counts. Or there is ground truth without problem_type or an analysis configuration, which is a merge, and a baseline or flags that no merge takes.",
        "Set analysis_type, or take away what belongs to the other monitor; the message lists what was found.";
    ANALYSIS_CONFIG_INVALID = "MM-CONTRACT-008", Usage, "the analysis configuration cannot be used",
        "analysis_config.json is not there, is no JSON, has an unknown key or a value of the wrong kind, or asks for what this version does not do.",
        "Correct the file; `model-monitor schema analysis_config` prints what it may hold.";
    PLACES_OVERLAP = "MM-CONTRACT-009", Usage, "the results would lie where they are read from",
        "The results' place is where a baseline or another file of the job lies, so that the results would replace it; or what is merged would lie among its own input, and be read as such by the next merge; or limits that are proposed would lie among the results of a run. Places are compared by what they are: a link, another spelling or a second mount changes nothing.",
        "Give output_path a folder or prefix of its own.";
    BASELINE_UNREADABLE = "MM-BASELINE-001", Usage, "a baseline file cannot be read",
        "The file or object that baseline_constraints or baseline_statistics names does not exist or may not be read.",
        "Check the path; it must be the file itself, not the folder it lies in.";
    BASELINE_INVALID = "MM-BASELINE-002", Usage, "a baseline file is not of the known form",
        "The file is not JSON, was cut short, belongs to another monitor, or was edited by hand.",
        "Create the baseline again, or compare the file with the schema that `model-monitor schema` prints.";
    BASELINE_NOT_MEASURED = "MM-BASELINE-101", Warning, "metrics of the baseline were not measured",
        "The baseline has values of metrics that have none in this run, so that nothing is judged of them: predictions or scores are not found, an attribute is not set, a group or the positive label does not occur in the window.",
        "Look at the list in the report. Give this job the attributes that the baseline had, such as inference_attribute or probability_attribute; a group or label that is rare needs a longer window.";
    NOTHING_TESTED = "MM-BASELINE-102", Warning, "the statistical verdict had nothing to test",
        "The statistical verdict holds distributions of this run against those of the baseline's statistics.json, which was not given: it finds missing and added columns only.",
        "Give the baseline's statistics.json (baseline_statistics), or take the verdict aws, which needs constraints.json alone.";
    STATE_INVALID = "MM-DRIFT-001", Usage, "what earlier windows left cannot be read",
        "A model_monitor_state.json in or below the place that previous-output names cannot be read, was cut short, was edited, or is of a later version.",
        "Remove the file, or name another place. Without it the windows begin anew.";
    INSUFFICIENT_ROWS = "MM-DRIFT-101", Warning, "columns were too short or too varied to test",
        "A test of a distribution needs at least 30 cells on both sides, and a column with very many different texts has no distribution. Nothing is said of the distributions of these columns.",
        "Take a longer window or a larger baseline. Of a column of free texts or ids no drift can be measured.";
    BLIND_DISTANCE = "MM-DRIFT-102", Warning, "AWS's distance does not show a change that is there",
        "Columns changed beyond chance and by more than their limit in constraints.json, while AWS's distance stays below it: that of numbers compares the sets of different numbers, not how often each occurs, and both take a margin for chance off.",
        "Look at the tests of these columns in the report. The verdict statistical (--verdict statistical) finds such changes.";
    OTHER_KINDS = "MM-DRIFT-103", Warning, "columns of texts and of numbers cannot be compared",
        "A column has texts in the baseline and only numbers in this run, or the other way round, so that the distributions are not tested; a single text makes a column one of texts.",
        "Look at the column. The verdict aws finds such a change (data_type_check), however few cells it concerns.";
    NO_EARLIER_WINDOW = "MM-DRIFT-104", Warning, "no earlier window was found",
        "The job names the place of earlier results (previous-output), and no model_monitor_state.json of this monitor is in or below it: this is the first window, or the place is wrong.",
        "Nothing, of the first window. Else name the folder of the last results, or one above it; on S3 it must be readable by the job's role.";
    OTHER_BASELINE = "MM-DRIFT-105", Warning, "earlier windows were held against another baseline",
        "The files of the baseline are not those of the last window, so that what earlier windows found says nothing of this one: it is counted as the first.",
        "Nothing, where the baseline was made anew on purpose. Else give every window the same files.";
    WINDOW_NOT_LATER = "MM-DRIFT-106", Warning, "the window is no later than the last one",
        "A window that begins before the last one, or with it, was run again or came late. It is judged by what the earlier windows left, and adds nothing to it.",
        "Nothing, where a window is run again. Run windows in the order of time: one that comes late does not count.";
    SEGMENT_ABSENT = "MM-DRIFT-107", Warning, "no row has the column whose values make the segments",
        "The column that the job names (segment) is none of the columns of this run, so that no segment is measured.",
        "Name a column as statistics.json does: of records in JSON it is the path of keys with dots between them.";
    SEGMENTS_CUT = "MM-DRIFT-108", Warning, "some rows are in no segment",
        "The column whose values make the segments has more than 20 of them, or some that are longer than 256 bytes. Which are measured does not depend on how frequent they are.",
        "Name a column with fewer values (segment). The report says how many rows are in no segment, and how much of the drift they carry.";
    INPUT_UNREADABLE = "MM-INPUT-001", Input, "the input cannot be read",
        "The folder or bucket cannot be listed, or an object in it cannot be read: permissions, an expired token, a wrong bucket, a network that does not answer, too few file descriptors, or bytes other than those that were listed. Nothing is left out for such a reason.",
        "Check the path, network isolation, and who may read it: on S3 the job's role (s3:ListBucket, s3:GetObject), on disk the user that the process runs as. What was replaced or cut short while it was read needs another run; explain settings has the time limits.";
    TOO_MANY_REJECTED = "MM-INPUT-002", Input, "too many records were rejected",
        "More records or bytes than the limit allows could not be decoded, or lie in damaged parts of files. Often dataset_format does not say what the files are.",
        "The message has the reasons, most frequent first, each with a sample, and says what to do about them; the report has more samples, and explain formats all reasons. Correct what it names, or raise --max-rejected.";
    NO_DATA = "MM-INPUT-003", Empty, "there is no data in the window",
        "No record of the input lies in the window, and the job was asked to fail then (--on-empty fail).",
        "Check start_time, end_time and dataset_source; without traffic this is to be expected.";
    OTHER_DELIMITER = "MM-INPUT-101", Warning, "a table looks like another delimiter's",
        "A CSV file has one column as it is read, and as many semicolons, tabs, vertical bars or commas in every one of its first lines.",
        "Name the character in dataset_format: {\"csv\":{\"header\":true,\"delimiter\":\";\"}}, and \"\\t\" for a tab; that of ground truth by --ground-truth-delimiter.";
    LOOKS_LIKE_JSON = "MM-INPUT-102", Warning, "a table looks like JSON Lines or captures",
        "The first line of a file that is read as CSV begins with a brace, or that of a table is a captured request.",
        "Set dataset_format to {\"json\":{\"lines\":true}}, or for captures and merged records to their own format (explain formats).";
    SEVERAL_VARIANTS = "MM-INPUT-103", Warning, "captures of several variants are taken together",
        "The folders of the captures are those of more than one variant of the endpoint, such as production and shadow. A request that went to both counts twice; where ground truth is joined, its label is given to the first variant's answer only, by the variants' names.",
        "Choose one with --variant NAME; the report's segments have the results of each, but for feature attribution.";
    CELLS_DO_NOT_FIT = "MM-INPUT-104", Warning, "cells of captures do not fit the baseline's columns",
        "Cells without names are known by their position. Answers and requests together, or the side that captureIndexNames lists, have more or fewer of them than the baseline has columns, so that nobody can say for sure which column each of them is.",
        "Make the baseline of the columns that are captured: the answer's first, then the request's; or send names (JSON objects, or a header).";
    UNEVEN_ROWS = "MM-INPUT-105", Warning, "rows have more or fewer cells than their table has columns",
        "Cells beyond a table's width, which its first record sets, are in no statistics; cells that rows lack are null. Often a quote or a delimiter is not what dataset_format says, or files of several tables are mixed.",
        "Look at the lines that are wider or shorter than the header (the log names the files). Set the delimiter in dataset_format, escape quotes by doubling them, or send tables of one width.";
    FILTER_FINDS_NOTHING = "MM-INPUT-106", Warning, "the filter looks at nothing",
        "None of the first records of a file has any of the metadata that --where looks at. That may be right, where only test traffic is marked; or the name is misspelt, and all records are kept or none.",
        "Compare the expression with a record's eventMetadata; the report says how many records were left out (filtered_out).";
    CELLS_UNREADABLE = "MM-INPUT-107", Warning, "values of Parquet columns have no text and count as null",
        "A value lies beyond what its type can express, such as a date of 2^63-1; a list is longer than a table is wide; bytes are no UTF-8 text; or the column's type is not supported, such as a map.",
        "Look at the columns that the warning names. Write a null where a value stands for nothing, and maps as JSON text or as a column for each key.";
    RECORDS_REJECTED = "MM-INPUT-109", Warning, "records were rejected or lost",
        "Some records could not be decoded, or lie in damaged parts of files, fewer than --max-rejected allows. They are in no result.",
        "The warning has the reasons, most frequent first, each with a sample, and says what to do about them; the report has more samples, and explain formats all reasons.";
    SUM_WRAPPED = "MM-INPUT-112", Warning, "the sum of a column is beyond 64 bits",
        "AWS's engine adds up integers in 64 bits, and begins again below zero beyond them: the column's sum and mean in statistics.json are AWS's, and not those of its values. Its other statistics are right.",
        "Do not go by the mean of the columns that the warning names, often ids or times in nanoseconds; or write them as decimal numbers, or as text.";
    LISTS_MAY_BE_ROWS = "MM-INPUT-108", Warning, "lists in captures may be rows",
        "JSON of captures holds a list of lists or of objects, or several equally long lists, under a key that no known shape has, in most records equally long, and neither the other side nor the baseline's columns tell whether its elements are rows. They are taken for parts of one row.",
        "Send the list under `instances` (requests) or `predictions` (answers), or alone; where one side alone is captured, capture the other one, too: the number of rows on one tells that of the other.";
    LINES_LOOK_LIKE_HEADERS = "MM-INPUT-110", Warning, "lines of captures look like headers",
        "Some captured text begins with words where other lines have numbers, and the first records do not begin so. If there are several cells, and all are words, the line names the columns of its payload; else it is taken for a row, unless the other side has one row less. Or several payloads name the same columns in different orders, and others have no names: those are read in the most frequent order.",
        "Have all clients send a header, or none.";
    DECIMAL_COMMAS = "MM-INPUT-111", Warning, "numbers of captures have decimal commas",
        "Captured text has semicolons, tabs or bars between its cells, and commas in its numbers. Such a cell is a text, not a number.",
        "Send numbers with decimal points.";
    HEADER_IN_DOUBT = "MM-INPUT-113", Warning, "the first line of a table may be read as what it is not",
        "dataset_format says that CSV files begin with a header, and the first line of some has numbers where the lines below it have numbers; or it says that there is none, and the first line is of words, above numbers. So may the first list of a JSON file or payload be, which is a row.",
        "Correct header in dataset_format, or give all files of the dataset a header, or none. Columns that are called by numbers are read as they should be. In JSON write rows as objects, or names under `columns` and rows under `data`.";
    PLACE_ABSENT = "MM-INPUT-114", Warning, "a place of the job's input does not exist",
        "The place of dataset_source, of ground_truth_source or of a side table is misspelt, is not mounted, or is a prefix of a bucket with no object below it.",
        "Check the place. Where the first captures or labels are still to come, this is to be expected.";
    LISTS_IN_RECORDS = "MM-INPUT-115", Warning, "lists in records of JSON may be rows",
        "A record of a JSON dataset holds a list of lists or of objects, or several lists of one length, under a key that no known shape has. The record is one row, and each element of the list has columns of its own, such as `rows.0.age` and `rows.1.age`.",
        "Where the elements are rows, write each as a line of its own, or all in one array, or under `instances`. Where they belong to one row, nothing is wrong.";
    TEXT_DOES_NOT_FIT = "MM-INPUT-116", Warning, "captured text has other cells than most",
        "Most captured text of a file has lines of equally many cells; some has not, whichever of commas, semicolons, tabs and vertical bars is taken to stand between its cells, or has none of them. It is read with the delimiter of the other text: often as one cell.",
        "Look for answers that are errors, and for clients that send another format; have all of them put the same character between cells.";
    CELLS_OF_TWO_KINDS = "MM-INPUT-117", Warning, "records have cells with names and cells without",
        "Requests, answers, or records of JSON of one file have cells without names in some records, such as text or lists, and cells with other names than the baseline gives those in other records, such as objects. Nobody can say which of them belong together: each kind has columns of its own, which the other records lack.",
        "Look for clients that send another format, and for answers that are errors. Have all of them send names, or a baseline whose columns are called as the names are.";
    LABEL_ORDER = "MM-INPUT-118", Warning, "labels stand in another order than a column says",
        "A table of ground truth has several rows of one id, and a column that numbers them from 0 or 1 on in another order than they stand in. Labels are given to the rows of a request in the order of the table; the column is ignored.",
        "Where the column says which row of the request a label is for, sort the table by it within each id. Else nothing is wrong.";
    ATTRIBUTE_NOT_FOUND = "MM-QUALITY-001", Input, "an attribute is in no record",
        "inference_attribute, probability_attribute or ground_truth_attribute names a column, position or path that no record has.",
        "Correct the attribute: a column's name, its position from 0 among the output's columns, or a JMESPath into JSON.";
    NO_LABEL_MATCHES = "MM-QUALITY-002", Empty, "no captured request has ground truth",
        "Captures and labels were read, and no id is on both sides. Ground truth must carry the captures' inferenceId, or eventId where none was sent.",
        "Compare the ids of both sides; look at the window and at the folders of ground_truth_source. Labels that come late need a later run.";
    TOO_MANY_CLASSES = "MM-QUALITY-003", Input, "there are too many classes",
        "Predictions or labels hold more different values than a classifier has classes; often an attribute points at a number or an id.",
        "Correct inference_attribute or ground_truth_attribute, or set problem_type to Regression.";
    POSITIVE_LABEL_UNKNOWN = "MM-QUALITY-004", Input, "no label is the positive one",
        "A binary problem needs a positive label: what positive_label says, else what the baseline has, else 1. The labels of this job are others, or are written in another way.",
        "Set positive_label to the label that counts as positive, or write labels and predictions as those of the baseline.";
    NOT_NUMBERS = "MM-QUALITY-005", Input, "text stands where numbers are needed",
        "Most predictions, labels or scores that must be numbers are text: the attribute points at something else, problem_type is another one, or numbers have decimal commas or units.",
        "Correct the attribute or problem_type; or write plain numbers with decimal points.";
    DUPLICATE_IDS = "MM-QUALITY-006", Input, "an id repeats",
        "Captures or labels hold an id more than once, and the job asked to fail then (--duplicates error).",
        "Send unique inference ids, or choose --duplicates nearest, last or first.";
    LABELS_DO_NOT_MATCH = "MM-QUALITY-101", Warning, "most labels never occur as a prediction",
        "Fewer than half of the different labels are ever predicted. Often predictions and labels are written differently: names on one side, numbers on the other.",
        "Compare the two lists of values in the report; map one side to the other's values before upload, or correct the attributes.";
    CONSTANT_PREDICTION = "MM-QUALITY-102", Warning, "the model always answers the same",
        "Every prediction in the window is the same value.",
        "Check the model and inference_attribute; metrics that need more than one value are not computed.";
    SCORES_OUTSIDE = "MM-QUALITY-103", Warning, "scores lie outside 0…1",
        "probability_attribute holds values that are no probabilities, such as percentages or margins.",
        "Correct probability_attribute. Curves and areas use the scores as they are; log loss, Brier score and calibration leave such rows out.";
    ROWS_WITHOUT_LABEL = "MM-QUALITY-104", Warning, "rows without a label",
        "Labels are empty, or label records hold another number of labels than their requests hold rows: then none of these rows has one.",
        "Upload one label for each row of the request, in the request's order.";
    FEW_LABELS = "MM-QUALITY-105", Warning, "less than half of the window is labelled",
        "Ground truth for most requests of the window has not arrived.",
        "Run the window again when the labels are there, or use --start-time-offset and --end-time-offset.";
    UNREADABLE_LABELS = "MM-QUALITY-106", Warning, "some label records could not be read",
        "Lines of the ground truth are damaged or of no known form; they are counted with file and line in the report.",
        "Mend the lines that the report names and upload them again.";
    SCORES_CONTRADICT = "MM-QUALITY-107", Warning, "scores contradict the predictions",
        "Most rows that are predicted negative have a score above 0.5, or most that are predicted positive one below it, and the scores do not order the predictions. Often the score is the probability of the predicted label, whichever that is, or that of the negative label.",
        "Point probability_attribute at the probability of the positive label. Until then auc, au_prc, log loss, Brier score and calibration mean nothing; metrics of predictions and labels are right.";
    LABELS_LOST = "MM-QUALITY-108", Warning, "most labels could not be given to their rows",
        "More than half of the requests that have ground truth hold another number of rows than labels, so that nobody can say which label belongs to which row, and none of their rows gets any.",
        "Upload one label for each row of the request, in the request's order; check that inference_attribute and probability_attribute find one prediction a row.";
    NOTHING_MEASURED = "MM-QUALITY-109", Warning, "there are labels, and nothing could be measured",
        "Ground truth was read, and none of it stands beside a prediction that can be used: no id is on both sides, or labels or predictions are empty.",
        "Look at the account of labels and rows in the report; compare the ids of both sides, and check that labels are no words for a missing value.";
    LABELS_SHARED = "MM-QUALITY-110", Warning, "many captures share their label with another",
        "One in twenty captures with ground truth or more has its label from a record that serves another capture of the same id, too, so that labels count several times: captures of several endpoints or variants below one source, a client that sends the same inference id again, or files that are there twice.",
        "Give each request an inference id of its own, or dataset_source one endpoint. --duplicates chooses which label counts; with `error` ids that repeat fail the job.";
    OTHER_PREDICTIONS = "MM-QUALITY-111", Warning, "predictions that are no label",
        "Rows of a binary problem have predictions that no label is, and count as not positive. Often an answer is not read as it is meant: a header, a mark before the text, a printed array.",
        "Look at the values in the report; point inference_attribute at the answer, or have the model answer with the labels' words.";
    UNUSABLE_PREDICTIONS = "MM-QUALITY-112", Warning, "rows without a usable prediction",
        "The prediction or score of these rows is missing, or is text where a number is needed: they are in no metric. Often the model answered with an error, or in another form than inference_attribute or probability_attribute says.",
        "Look at what the model answers to such requests, and correct the attribute, or the model. Metrics of few rows say little: the summary says how many rows there are behind them.";
    SOME_NOT_NUMBERS = "MM-QUALITY-113", Warning, "rows with text where numbers are needed",
        "The prediction, label or score of these rows is text, and the metrics need numbers: the rows are in none of them.",
        "Look for words, units and decimal commas among the labels and answers, and send plain numbers.";
    FACET_NOT_FOUND = "MM-BIAS-001", Input, "a facet or another column of the configuration is not in the data",
        "A name in analysis_config.json is no column of the data: misspelt, or headers in another order than the features.",
        "Correct facet, label, group_variable or headers in analysis_config.json.";
    FACET_THRESHOLD = "MM-BIAS-002", Input, "the values of a facet or label do not fit its column",
        "A column of numbers needs exactly one threshold, a column of texts its values; a value must be readable as the column's type.",
        "Correct value_or_threshold or label_values_or_threshold in analysis_config.json.";
    LABEL_TYPES_DIFFER = "MM-BIAS-003", Input, "labels and predictions are of different kinds",
        "One of the two columns is continuous, the other categorical, so that one rule cannot tell which values are positive.",
        "Give both the same values; probability_threshold makes labels of scores.";
    NO_POSITIVE_PREDICTION = "MM-BIAS-004", Input, "no prediction is positive",
        "No predicted label is among label_values_or_threshold, so that most measures of bias mean nothing.",
        "Correct label_values_or_threshold or probability_threshold, or look at the model.";
    TOO_MANY_GROUPS = "MM-BIAS-005", Input, "a facet or group variable has too many values",
        "A facet without values makes a group of every value, and a group variable splits the rows by its values; this column holds more than can be counted, often an id or a decimal number.",
        "Name the sensitive values or a threshold, or choose another column.";
    JOIN_ID_REPEATS = "MM-BIAS-006", Input, "an identifier repeats in a dataset that is joined",
        "Two rows of the facet dataset or of the dataset of predicted labels have the same joinsource_name_or_index, so that nobody can say which belongs to a row of the main dataset.",
        "Keep one row for each identifier, or name another column in joinsource_name_or_index.";
    ROWS_NOT_PAIRED = "MM-BIAS-007", Input, "rows cannot be paired by their places",
        "Without joinsource_name_or_index the first row belongs to the first row, and so on; that needs one file each, with as many rows, and no damage that hides how many were lost.",
        "Name a column that identifies rows in joinsource_name_or_index, or correct the files.";
    NOT_MEASURABLE = "MM-BIAS-008", Usage, "nothing that was asked for can be measured",
        "methods in analysis_config.json asks for metrics of predictions alone; there are no predictions in the data, and no model can be asked for them.",
        "Say where the predictions are (predicted_label, inference_attribute or probability_attribute), name a model (predictor.model_name, --model-url), or ask for pre_training_bias.";
    GROUP_TOO_SMALL = "MM-BIAS-101", Warning, "a group is small",
        "A sensitive group has fewer than 30 rows, or fewer than 5 positives: its metrics are mostly chance.",
        "Use a longer window; the intervals in the report say how uncertain the metrics are.";
    ASKED_NOT_MEASURED = "MM-BIAS-102", Warning, "metrics that were asked for were not measured",
        "methods in analysis_config.json asks for metrics of predictions; there are none in the data, and no model can be asked for them.",
        "Say where the predictions are (predicted_label, inference_attribute or probability_attribute), name a model (predictor.model_name, --model-url), or leave post_training_bias out.";
    PREDICTIONS_REFUSED = "MM-BIAS-103", Warning, "the model refused some rows",
        "The model answered with an error to these rows; they have no prediction and are in no metric.",
        "Send one of the rows that the log shows to the model by hand; correct content_type, headers or excluded_columns.";
    NO_POSITIVE_IN_WINDOW = "MM-BIAS-104", Warning, "no prediction of the window is positive",
        "No predicted label of this window is among label_values_or_threshold. Metrics that need positive predictions are not computed.",
        "In an hour without positive predictions there is nothing to do. If it is every hour, correct label_values_or_threshold or probability_threshold, or look at the model.";
    LABELS_MISSING = "MM-BIAS-105", Warning, "rows without a label count as not positive",
        "Rows of the table have no label: the cell is empty, or a text that stands for nothing. Clarify counts them as not positive, and takes a column of whole numbers with gaps for one of fractions, of which only values above label_values_or_threshold are positive; so does this program.",
        "Leave such rows out of the table, or fill them in. Captures whose label says nothing are left out already.";
    ROWS_WITHOUT_PREDICTION = "MM-BIAS-106", Warning, "rows without a prediction",
        "Answers hold nothing where the prediction is looked for: an error, nothing at all, another shape, or text where labels are numbers. Captured rows without a prediction are in no metric; those of a table count as not predicted positive, as Clarify has it.",
        "Look at the answers of these requests. Where they have another shape, correct inference_attribute, probability_attribute, or predicted_label in analysis_config.json; leave rows without a prediction out of a table.";
    GROUP_EMPTY = "MM-BIAS-107", Warning, "no row belongs to a group",
        "No row has the values that are configured for a facet, or is above its threshold: nothing can be said of the group. A value may be misspelt.",
        "Compare value_or_threshold with the values of the data. In a window without the group there is nothing to do.";
    OTHER_POSITIVE_LABELS = "MM-BIAS-108", Warning, "the positive labels are not the baseline's",
        "label_values_or_threshold of this job is not that of the baseline: metrics are compared that mean something else.",
        "Give both jobs the same label_values_or_threshold, or make a new baseline.";
    GAPS_MAKE_NUMBERS = "MM-BIAS-109", Warning, "empty cells make numbers of categories",
        "A facet or label of few whole numbers, such as 0 and 1, has empty cells. As in Clarify such a column is one of fractions, so that its one configured value is a threshold: rows above it are the group, and the value itself is not among them.",
        "Fill the empty cells in or leave their rows out, or write the values as words.";
    VALUES_ABSENT = "MM-BIAS-110", Warning, "some configured values do not occur",
        "Several values are configured for a facet or for the label, and some of them are in no row; the metrics are those of the others. A value may be misspelt.",
        "Compare the values in the report with those of the data. In a window in which they are rare there is nothing to do.";
    MODEL_UNREACHABLE = "MM-MODEL-001", Input, "the model does not answer",
        "Nothing listens at its address (waited for as long as --model-timeout says, 30 s at most), the connection broke off, or the server answered with an error each time it was tried.",
        "Check --model-url or the endpoint's name and state; look at the model server's log. A container next to this one must be started first.";
    MODEL_TIMEOUT = "MM-MODEL-002", Input, "the model takes too long to answer",
        "A request was not answered in time, each time it was tried.",
        "Look at the model server's load; raise --model-timeout, or lower --model-concurrency or --model-batch-rows.";
    MODEL_REFUSES = "MM-MODEL-003", Input, "the model refuses too many rows",
        "The model answered single rows with an error of the client's (4xx), though the batch they came in was sent again row by row. Often content_type or a template does not say what the model expects.",
        "Compare the request that the log shows with one that the model accepts; correct content_type, content_template, record_template or headers.";
    ANSWER_SHAPE = "MM-MODEL-004", Input, "the model's answer has another shape than the rows",
        "The answer holds more or fewer predictions than rows were sent, another number of scores than before, or nothing where label or probability points.",
        "Correct predictor.label, predictor.probability or accept_type; the message shows what was found.";
    ANSWER_NOT_NUMERIC = "MM-MODEL-005", Input, "the model's answer is not a number",
        "Models are asked for numbers: a score, a label that is a number, or the prediction of a regression. The answer holds text there.",
        "Point predictor.probability at the scores.";
    TOO_MANY_PREDICTIONS = "MM-MODEL-006", Usage, "the budget of predictions is too small",
        "Explaining a single row, or predicting every different row for bias, would take more predictions than --max-predictions allows.",
        "Raise --max-predictions, or for attributions lower num_samples or the number of baseline rows; the log prints the estimate.";
    ENDPOINT_NOT_ALLOWED = "MM-MODEL-007", Usage, "an endpoint in use would be asked",
        "predictor.endpoint_name names an endpoint that exists. Synthetic rows would enter its captures and its bill.",
        "Allow it with --call-endpoint, name the model (predictor.model_name) so that an endpoint of its own is made, or point --model-url at a model server.";
    SHADOW_ENDPOINT = "MM-MODEL-008", Input, "an endpoint for this job could not be made",
        "Creating the endpoint failed or took too long: permissions, a quota, an instance type, or network isolation.",
        "The message holds the service's reason. The job's role needs sagemaker:CreateEndpointConfig, CreateEndpoint, DescribeEndpoint, DescribeEndpointConfig, DeleteEndpoint and DeleteEndpointConfig.";
    NO_MODEL = "MM-MODEL-009", Usage, "there is no model to ask",
        "Captured answers hold no attributions that could be used, and neither --model-url nor predictor in the analysis configuration nor the schedule's endpoint says where the model is.",
        "Set --model-url to a server with /ping and /invocations, or predictor.model_name in analysis_config.json.";
    SHADOW_LEFT = "MM-MODEL-101", Warning, "an endpoint that was made for this job may still exist",
        "Deleting it failed each time it was tried.",
        "Delete the endpoint and the endpoint configuration that the message names; they cost money.";
    NO_ROW_EXPLAINED = "MM-ATTRIBUTION-001", Input, "no row could be explained",
        "The model refused every row that was made from it.",
        "The message holds the most frequent reason; send one row to the model by hand.";
    REFERENCE_ROWS = "MM-ATTRIBUTION-002", Input, "the baseline rows do not fit the data",
        "The rows that stand for absent features (shap.baseline) have other columns than the data, or there are none.",
        "Give shap.baseline one value for each feature in the order of headers, or leave it out: rows are then made from the data.";
    FEATURE_ABSENT = "MM-ATTRIBUTION-003", Input, "a feature of the configuration is not in the data",
        "features_to_explain or pdp.features names no column of the data, or none of its columns is a feature.",
        "Correct the name, or headers, label and excluded_columns.";
    TOO_MANY_FEATURES = "MM-ATTRIBUTION-004", Input, "too many features vary at once",
        "A row differs from the baseline rows in more than 2,048 features; the equations for them would not fit into memory.",
        "Leave out features that the model does not need (excluded_columns), or give baseline rows that differ in fewer.";
    FEATURES_DIFFER = "MM-ATTRIBUTION-101", Warning, "features differ from the baseline's",
        "A feature is on one side only; its attribution counts as 0 on the other.",
        "Make a new baseline, or give both jobs the same headers.";
    FEW_ROWS_EXPLAINED = "MM-ATTRIBUTION-102", Warning, "few rows were explained",
        "Fewer than 30 rows are behind the attributions: their order is mostly chance.",
        "Use a longer window or a larger --max-predictions.";
    ROWS_SAMPLED = "MM-ATTRIBUTION-103", Warning, "a sample of the rows was explained",
        "Explaining all of them would have taken more predictions than --max-predictions allows, or there were more than 10,000 of them, or more than 64 MB.",
        "Raise --max-predictions for smaller errors; the report says how many rows stand behind every number.";
    ROWS_REFUSED = "MM-ATTRIBUTION-104", Warning, "the model refused some rows",
        "The model answered with an error to rows that were made from these; they are not explained.",
        "Look at the reasons in the report. Models that check their input may refuse what baseline rows are mixed into.";
    OUTPUTS_DIFFER = "MM-ATTRIBUTION-105", Warning, "the model's outputs differ from the baseline's",
        "An output is on one side only, or is called otherwise there; it is not compared.",
        "Give both jobs the same label_headers, or make a new baseline.";
    ATTRIBUTIONS_UNUSABLE = "MM-ATTRIBUTION-106", Warning, "some captured attributions cannot be used",
        "Rows have text where numbers belong, or other features or outputs than most.",
        "Look at the reasons in the report; a window in which the endpoint was updated holds both kinds.";
    WITHOUT_DEPENDENCE = "MM-ATTRIBUTION-107", Warning, "partial dependence is not known of some features",
        "A feature has no usable value, the model refused a row, or --max-predictions leaves less than one row for every value.",
        "Look at the reasons in the report; raise --max-predictions, or lower grid_resolution.";
    OUTPUT_UNWRITABLE = "MM-OUTPUT-001", Usage, "the output cannot be written",
        "The output folder or bucket does not exist, may not be written to, or a folder stands where a file should be.",
        "Check output_path and who may write there: on S3 the job's role (s3:PutObject), on disk the user that the process runs as. What earlier runs wrote is as it was, unless the message says otherwise.";
    OUTPUT_FULL = "MM-OUTPUT-002", Resource, "there is no space left for the output",
        "The disk of the output is full, a quota is used up, or a file would be larger than the process may write (ulimit -f).",
        "Free space or give the job a larger volume (VolumeSizeInGB). What earlier runs wrote is as it was, unless the message says otherwise.";
    OUTPUT_BUSY = "MM-OUTPUT-003", Usage, "another job is at work on the output",
        "Two jobs at a time write to one folder: their results would mix. On disk the folder is locked while a job runs; the lock ends with its process. On S3 nothing can be locked.",
        "Wait for the other job, or give each job an output_path of its own.";
    NOT_PRINTED = "MM-OUTPUT-101", Warning, "what was to be printed could not be",
        "Standard output is full or cannot be written to. The results are in their files.",
        "Read the results from output_path, or give standard output a place with space.";
    MESSAGE_UNWRITTEN = "MM-OUTPUT-102", Warning, "the exit message could not be written",
        "The folder `output` below the root of SageMaker's mounts (--opt-ml) is full or cannot be written to. The results are in their files, but SageMaker takes the job's status from the message, violations, too.",
        "Give that folder space and permissions; read constraint_violations.json for what the message would have said.";
    MEMORY_LIMIT = "MM-RESOURCE-001", Resource, "the memory limit was reached",
        "The statistics of all columns together need more memory than the job may use: a column of numbers needs about 50 kB. Or a Parquet file has pages, or a dictionary of long texts, that do not fit into it.",
        "Raise --memory-limit or the container's memory, use fewer threads, or monitor fewer columns. For a Parquet file the message says what limit would do; or write it with smaller pages and dictionaries.";
    SPILL = "MM-RESOURCE-002", Resource, "there is no space for what does not fit into memory",
        "Joining and ranking sort more than fits into memory, and the folder for temporary files is full or may not be written to.",
        "Give the job a larger volume (VolumeSizeInGB) or more memory, or point TMPDIR at a folder with space.";
    TOO_FEW_THREADS = "MM-RESOURCE-003", Resource, "too few threads can be started",
        "A limit of threads or processes (ulimit -u, --pids-limit of a container, podPidsLimit) leaves no room for a job.",
        "Raise the limit, or let fewer processes run beside the job.";
    TOO_FEW_DESCRIPTORS = "MM-RESOURCE-004", Resource, "too few files can be opened",
        "A limit of file descriptors (ulimit -n, --ulimit nofile of a container) leaves no room for a job.",
        "Raise the limit to 64 or more.";
    FEWER_THREADS = "MM-RESOURCE-101", Warning, "fewer threads are used than were asked for",
        "A limit of threads or processes (ulimit -u, --pids-limit of a container, podPidsLimit) does not allow as many as --threads asks for. The results are the same.",
        "Raise the limit, or lower --threads.";
    INTERRUPTED = "MM-STOPPED-001", Interrupted, "the job was interrupted",
        "The process received SIGINT.",
        "Run the job again. Nothing is half-written: outputs are all of this run's or all of an earlier one's, unless the message says otherwise.";
    TERMINATED = "MM-STOPPED-002", Terminated, "the job was stopped",
        "The process received SIGTERM: the job was stopped, or it ran into MaxRuntimeInSeconds.",
        "Run the job again, with more time if it was too short. Nothing is half-written: outputs are all of this run's or all of an earlier one's, unless the message says otherwise.";
    LEDGER = "MM-INTERNAL-001", Internal, "the ledger does not balance",
        "Objects, records or bytes went missing inside the program: a defect of it.",
        "Report it with the log. No results were written.";
    INTERNAL = "MM-INTERNAL-002", Internal, "the program failed",
        "A defect of the program.",
        "Report it with the log.";
}

/// The row of the table with this code.
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|row| row.code.eq_ignore_ascii_case(code))
}
