//! Rejection reasons of records and skip reasons of objects: one stable word each.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $word:literal, $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$variant_doc])* $variant = $code,)+ }

        impl $name {
            /// All of them, in the order of their codes.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The stable word that stands in files.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// One sentence for people.
            pub fn text(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The reason with this code.
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// Why a record's rows are not in the statistics. The code stands in a batch's reason column.
    Reason {
        /// Not a fault: the record's time is outside the job's window.
        OutsideWindow = 1, "outside_window", "the record's time is outside the window";
        InvalidUtf8 = 2, "invalid_utf8", "the record is not UTF-8 text";
        InvalidJson = 3, "invalid_json", "the record is not one JSON value";
        TooDeep = 4, "too_deep", "JSON is nested deeper than the limit";
        DuplicateKey = 5, "duplicate_key", "a JSON object holds a key twice";
        LoneSurrogate = 6, "lone_surrogate", "a JSON string escapes half a surrogate pair, which is no text";
        NotACapture = 7, "not_a_capture", "the JSON value is not a captured request";
        NoPayload = 8, "no_payload", "the captured request lacks the payload that the job looks at";
        UnknownEncoding = 9, "unknown_encoding", "the payload's encoding is none of CSV, JSON, BASE64";
        InvalidBase64 = 10, "invalid_base64", "the payload is not valid BASE64";
        BinaryPayload = 11, "binary_payload", "the payload is neither text nor JSON";
        InvalidPayload = 12, "invalid_payload", "the payload cannot be read in its encoding";
        RowCountMismatch = 13, "row_count_mismatch", "the parts of the record hold different numbers of rows";
        InvalidTime = 14, "invalid_time", "inferenceTime is not a time";
        RecordTooLarge = 15, "record_too_large", "the record is longer than the limit, or has more cells";
        TooManyColumns = 16, "too_many_columns", "the record would take the table over the limit of columns";
        UnterminatedQuote = 17, "unterminated_quote", "a quoted cell is not closed where a cell may end, or holds the next rows of the table";
        Truncated = 18, "truncated", "the data ends too early";
        Corrupt = 19, "corrupt", "a part of the data is damaged, or does not fit its checksum";
        Vanished = 20, "vanished", "the object could not be read to its end";
        NameTooLong = 21, "name_too_long", "a column's name is longer than the limit";
        NoHeader = 22, "no_header", "the table's header could not be read, so that its cells have no names";
        ScoreCountMismatch = 23, "score_count_mismatch", "a row holds another number of scores than the job expects";
        LabelNotFound = 24, "label_not_found", "the record holds no ground truth that can be told from its other values";
        IdNotFound = 25, "id_not_found", "the table has no column that names the records its labels are for";
        NoInferenceId = 26, "no_inference_id", "the row of a batch transform holds no inference id";
        IdTooLong = 27, "id_too_long", "the record's id is longer than the limit";
        FeaturesNotFound = 28, "features_not_found", "the record holds no features where the job looks for them";
        AttributionsNotFound = 29, "attributions_not_found", "the model's answer holds no attributions";
        InvalidAttributions = 30, "invalid_attributions", "the attributions in the model's answer are not of the documented form";
        TextAttributions = 31, "text_attributions", "the answer explains parts of a text, and texts are not analysed";
        /// Not a fault: the job asks for other records.
        FilteredOut = 32, "filtered_out", "the record is left out, as the job asks (--where, --variant)";
        Utf16 = 40, "utf16", "the file is UTF-16 text and must be UTF-8";
        InconsistentTensors = 41, "inconsistent_tensors", "tensors of the payload contradict their shapes or one another";
        ZeroBytes = 48, "zero_bytes", "zero bytes stand where text was, as a write that was torn leaves them";
        ForeignFormat = 50, "foreign_format", "the file is of a format that is not read here";
    }
}

words! {
    /// Why a listed object was not read.
    SkipReason {
        Empty = 1, "empty", "the object holds no bytes";
        DotFile = 2, "dot_file", "the name of the object or of a folder above it starts with a dot";
        Marker = 3, "marker", "the object is a marker that jobs leave behind";
        BatchManifest = 4, "batch_manifest", "the object is a manifest of a batch transform, not data";
        NotAFile = 5, "not_a_file", "the entry is neither a file nor a link to one";
        Gone = 6, "gone", "the object was listed and could no longer be opened";
        OtherVariant = 7, "other_variant", "the object holds captures of another variant than the job asks for";
        OwnResult = 8, "own_result", "the object is one of the job's results, or of an earlier run's";
    }
}

words! {
    /// Why a cell of a typed column is null though it holds something.
    CellReason {
        OutOfRange = 1, "out_of_range", "the value lies beyond what its type can express, such as a date outside the calendar";
        TooLong = 2, "too_long", "the list has more elements than a table may have columns";
        UnsupportedType = 3, "unsupported_type", "values of the column's type have no text, such as maps";
        NotText = 4, "not_text", "the value is bytes that are no UTF-8 text, such as an image or a UUID";
    }
}

words! {
    /// What an object looks like, other than what it is read as.
    Observation {
        JsonLines = 1, "json_lines", "JSON Lines that are read as CSV; dataset_format {\"json\":{\"lines\":true}} would fit";
        Semicolons = 2, "semicolons", "a table with semicolons";
        Tabs = 3, "tabs", "a table with tabs";
        Bars = 4, "bars", "a table with vertical bars";
        Commas = 5, "commas", "a table with commas";
        Captures = 10, "captures", "captures or merged records; their own dataset_format would fit (explain formats)";
        CellsDoNotFit = 11, "cells_do_not_fit", "captures whose cells without names are more or fewer than the baseline's columns; a request's cells are taken for the last columns, or stand behind the answer's where there are fewer";
        FilterFindsNothing = 12, "filter_finds_nothing", "captures of which the first have none of the metadata that the filter looks at";
        ListsMayBeRowsInAnswers = 13, "lists_may_be_rows_in_answers", "answers of lists or objects in a list, or of several equally long lists, that no shape knows; they may be rows, and are taken for parts of one";
        ListsMayBeRowsInRequests = 14, "lists_may_be_rows_in_requests", "requests of lists or objects in a list, or of several equally long lists, that no shape knows; they may be rows, and are taken for parts of one";
        LinesLookLikeHeaders = 15, "lines_look_like_headers", "captured text of which some begins with words above numbers, where other text does not; such a line may name the columns or be a row, or names are in several orders and some text has none";
        DecimalCommas = 16, "decimal_commas", "captured text whose numbers have decimal commas; they are no numbers";
        TextFitsNoDelimiter = 22, "text_fits_no_delimiter", "captured text without the cells that most other text has, whatever stands between them; it is read with the delimiter of the other text";
        ListsMayBeRowsInRecords = 21, "lists_may_be_rows_in_records", "records with lists of lists or objects, or of several equally long lists, under a key that no shape knows; they may be rows, and are taken for parts of one";
        HeaderLooksLikeRow = 19, "header_looks_like_row", "a first line with numbers above numbers, whose cells are taken for names of columns; dataset_format {\"csv\":{\"header\":false}} would fit, if it is a row";
        RowLooksLikeHeader = 20, "row_looks_like_header", "a first line of words above numbers, which is taken for a row; dataset_format {\"csv\":{\"header\":true}} would fit, if it names the columns";
        ListLooksLikeHeader = 23, "list_looks_like_header", "a first list of words above lists with numbers, which is taken for a row; objects, or names under a key of their own, would tell";
        CellsOfTwoKinds = 24, "cells_of_two_kinds", "records whose cells have names in some and none in others, on one side of captures or in JSON; each kind has columns of its own";
        LabelsInAnotherOrder = 25, "labels_in_another_order", "rows of labels of one request in another order than a column of numbers from 0 or 1 on; the order of the rows counts, and the column is ignored";
        /// Not a fault, as all that follow: how the payloads of captures are read.
        HeaderInAnswers = 6, "header_in_answers", "comma-separated answers whose first line names their columns";
        HeaderInRequests = 7, "header_in_requests", "comma-separated requests whose first line names their columns";
        ListsAreRowsInAnswers = 8, "lists_are_rows_in_answers", "answers whose lists have an element for each row";
        ListsAreRowsInRequests = 9, "lists_are_rows_in_requests", "requests whose lists have an element for each row";
        DelimiterInAnswers = 17, "delimiter_in_answers", "answers of text with another delimiter than commas";
        DelimiterInRequests = 18, "delimiter_in_requests", "requests of text with another delimiter than commas";
    }
}

impl Observation {
    /// The delimiter of the table that an object looks like, as settings write it.
    pub fn delimiter(self) -> Option<&'static str> {
        match self {
            Self::Semicolons => Some(";"),
            Self::Tabs => Some("\\t"),
            Self::Bars => Some("|"),
            Self::Commas => Some(","),
            _ => None,
        }
    }
}

impl Reason {
    /// Whether the record is sound, and not meant by the job: it is no rejection.
    pub fn is_left_out(self) -> bool {
        matches!(self, Self::OutsideWindow | Self::FilteredOut)
    }
}
