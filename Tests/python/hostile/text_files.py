"""JSON and CSV files that are deep, large, ambiguous or no numbers, for formats/network2.md and formats/csv.md."""


def json_files(corpus):
    """network2's JSON."""
    corpus.group = "JSON"

    def broken(name, text, reason, attack, at=None):
        data = text.encode() if isinstance(text, str) else text
        sentence = reason if at is None else f"byte {at}: {reason}"
        corpus.refuse(f"{name}.json", data, sentence, attack)

    broken("deep-arrays", '{"sizes":' + "[" * 30000, "the JSON is nested more than 8 deep", "30,000 brackets", 16)
    broken("deep-objects", '{"a":' * 10000, "the JSON is nested more than 8 deep", "10,000 objects in each other", 40)
    broken("deep-closed", '{"sizes":' + "[" * 9 + "]" * 9 + "}", "the JSON is nested more than 8 deep", "ten levels", 16)
    broken("duplicate", '{"sizes":[1],"sizes":[2]}', 'the JSON has two members called "sizes" in one object', "two values of one name")
    broken("duplicate-escaped", '{"sizes":[1],"\\u0073izes":[2]}', 'the JSON has two members called "sizes" in one object', "one name, once by an escape")
    broken("duplicate-terminal", '{"\\u001b[2J":1,"\\u001b[2J":2}', 'the JSON has two members called "\\u{1b}[2J"', "a name that clears the terminal")
    broken("infinite", '{"sizes":[1e999]}', "the JSON has a number beyond the range of float64", "an infinite number", 10)
    broken("exponent", '{"sizes":[1e99999999999999999999]}', "the JSON has a number beyond the range of float64", "an exponent of twenty digits", 10)
    broken("digits", '{"sizes":[' + "9" * 9000 + "]}", "the JSON has a number of more than 1024 characters", "9,000 digits", 10)
    broken("nan", '{"sizes":[NaN]}', "the JSON has 'N' where", "no number", 10)
    broken("minus-infinity", '{"sizes":[-Infinity]}', "the JSON has a malformed number", "an infinite number by its name", 10)
    broken("leading-zero", '{"sizes":[01]}', "the JSON has a malformed number", "a leading zero")
    broken("plus", '{"sizes":[+1]}', "the JSON has '+' where", "a sign that JSON does not have", 10)
    broken("hex", '{"sizes":[0x10]}', "the JSON has 'x' where", "a hexadecimal number", 11)
    broken("dot", '{"sizes":[1.]}', "the JSON has a malformed number", "a point without digits", 10)
    broken("comment", '{/* */"sizes":[1]}', "the JSON has '/' where", "a comment", 1)
    broken("single-quotes", "{'sizes':[1]}", "the JSON has ''' where", "Python's quotes", 1)
    broken("call", '{"sizes":__import__("os").system("id")}', "the JSON has '_' where", "a call", 9)
    broken("trailing-comma", '{"sizes":[1,]}', "the JSON has ']' where", "a comma at the end", 12)
    broken("trailing", '{"sizes":[1]}{}', "something follows the end of the JSON", "a second object", 13)
    broken("trailing-zero", b'{"sizes":[1]}\0', "something follows the end of the JSON", "a zero byte at the end", 13)
    broken("cut", '{"sizes":[1,', "the JSON ends early", "cut off", 12)
    broken("cut-in-string", '{"si', "the JSON ends early; the end of a string should follow", "cut off in a name", 4)
    broken("cut-in-escape", '{"\\u12', "the JSON ends early; a hexadecimal digit should follow", "cut off in an escape", 6)
    broken("surrogate", '{"\\ud800":1}', "a string of the JSON has half a surrogate pair, \\ud800", "half a character", 2)
    broken("surrogates-reversed", '{"\\udc00\\ud800":1}', "a string of the JSON has half a surrogate pair, \\udc00", "halves in the wrong order", 2)
    broken("surrogate-and-text", '{"\\ud800x":1}', "a string of the JSON has half a surrogate pair, \\ud800", "half a character before a letter", 2)
    broken("utf8-surrogate", b'{"\xed\xa0\x80":1}', "the JSON is not valid UTF-8", "a surrogate in UTF-8", 2)
    broken("utf8-overlong", b'{"\xc0\xaf":1}', "the JSON is not valid UTF-8", "an overlong form", 2)
    broken("utf8-beyond", b'{"\xf5\x80\x80\x80":1}', "the JSON is not valid UTF-8", "a character beyond Unicode", 2)
    broken("control", '{"a\n":1}', "a string of the JSON has the byte 0x0a, which must be escaped", "a line feed in a string", 3)
    broken("escape-unknown", '{"\\x41":1}', "a string of the JSON has an escape that does not exist", "an escape that is none", 2)
    lacks = "this is a JSON file without the members sizes, weights and biases of network2"
    broken("empty-object", "{}", lacks, "nothing")
    broken("keras-config", '{"class_name":"Lambda","config":{"function":"exec"}}', lacks, "the configuration of a layer that is code")
    broken("members-1000", "{" + ",".join(f'"k{i}":{i}' for i in range(1000)) + "}", lacks, "a thousand members")

    def net(name, sizes, weights, biases, reason, attack):
        broken(name, f'{{"sizes":{sizes},"weights":{weights},"biases":{biases}}}', reason, attack)

    net("sizes-text", '"x"', "[]", "[]", "sizes should be an array, and is a string", "a text as the widths")
    net("sizes-one", "[1]", "[]", "[]", "should have two widths or more", "a network of one layer")
    net("sizes-negative", "[-1,1]", "[[[1]]]", "[[[1]]]", "sizes[0] should be from 1 to 65536, and is -1", "a negative width")
    net("sizes-zero", "[0,1]", "[[[]]]", "[[[1]]]", "sizes[0] should be from 1 to 65536, and is 0", "a width of 0")
    net("sizes-65537", "[65537,1]", "[[[1]]]", "[[[1]]]", "sizes[0] should be from 1 to 65536, and is 65537", "a width beyond the limit")
    net("sizes-2e53", "[9007199254740992,1]", "[[[1]]]", "[[[1]]]", "sizes[0] should be from 1 to 65536, and is 9007199254740992", "a width of 2^53")
    net("sizes-fraction", "[1.5,1]", "[[[1]]]", "[[[1]]]", "sizes[0] should be an integer, and is 1.5", "a width of one and a half")
    net("rows-missing", "[2,65536]", "[[[1,2]]]", "[[[1]]]", "weights[0] should have 65536 elements, and has 1", "65,536 rows, of which one is there")
    net("columns-missing", "[65536,1]", "[[[1]]]", "[[[1]]]", "weights[0][0] should have 65536 elements, and has 1", "65,536 columns, of which one is there")
    net("layers-more", "[1,1]", "[[[1]],[[1]]]", "[[[1]]]", "weights should have 1 elements, and has 2", "a layer too many")
    net("layers-4000", "[" + "1," * 4000 + "1]", "[]", "[]", "weights should have 4000 elements, and has 0", "four thousand layers that are not there")
    net("weight-text", "[1,1]", '[[["1"]]]', "[[[1]]]", "weights[0][0][0] should be a number, and is", "a weight that is a text")
    net("weight-null", "[1,1]", "[[[null]]]", "[[[1]]]", "weights[0][0][0] should be a number, and is", "a weight that is nothing")
    net("biases-object", "[1,1]", "[[[1]]]", "{}", "biases should be an array, and is", "an object as the biases")
    broken("cost-code", '{"sizes":[1,1],"weights":[[[1]]],"biases":[[[1]]],"cost":{"eval":"x"}}', "cost should be a string, and is an object", "an object as the cost")
    corpus.useless("network-overflow.json", b'{"sizes":[1,1],"weights":[[[1e300]]],"biases":[[[1]]]}', "no known architecture fits the arrays", "a weight of 1e300")
    corpus.useless("network-tiny.json", b'{"sizes":[3,1],"weights":[[[1,2,3]]],"biases":[[[1]]]}', "no known architecture fits the arrays", "a network that no picture fits")


def csv_files(corpus):
    """CSV tables."""
    corpus.group = "CSV"
    row = "7," + ",".join(["0"] * 784)

    def table(name, text, reason, attack):
        corpus.refuse(f"{name}.csv", text.encode() if isinstance(text, str) else text, reason, attack)

    table("field-empty", f"{row}\n7,,{row[4:]}\n", "line 2, field 2 is empty; a number is needed", "an empty field")
    table("field-text", f"{row}\n7,=cmd|'/c calc'!A1{row[3:]}\n", 'line 2, field 2 is "=cmd|\'/c calc\'!A1"; a number is needed', "a formula of a spreadsheet")
    table("field-escape", f"{row}\n7,\x1b[2J{row[3:]}\n", "the format is not known (it begins with 37 2c 30", "an escape sequence at the beginning")
    rows = f"{row}\n" * 4
    table("field-escape-later", f"{rows}7,\x1b[2J{row[3:]}\n", "line 5, field 2 has the control character 0x1b", "an escape sequence")
    table("field-zero-later", f"{rows}7,1\0{row[3:]}\n", "line 5, field 2 has the control character 0x0", "a zero byte")
    table("field-nan", f"{row}\n7,nan{row[3:]}\n", 'line 2, field 2 is "nan"; a number is needed', "no number")
    table("field-inf", f"{row}\n7,inf{row[3:]}\n", 'line 2, field 2 is "inf"; a number is needed', "an infinite number by its name")
    table("field-hex", f"{row}\n7,0x10{row[3:]}\n", 'line 2, field 2 is "0x10"; a number is needed', "a hexadecimal number")
    table("field-1e999", f"{row}\n7,1e999{row[3:]}\n", 'line 2, field 2 is "1e999", which no float32 can hold', "a number that is infinite")
    table("field-exponent", f"{row}\n7,1e{'9' * 300}{row[3:]}\n", "which no float32 can hold", "an exponent of 300 digits")
    table("field-2000", f"{row}\n7,{'1' * 2000}{row[3:]}\n", "line 2, field 2 has more than 1024 bytes", "a number of 2,000 digits")
    table("field-20000", f"{row}\n7,{'1' * 20000}\n", "line 2, field 2 has more than 1024 bytes", "a number of 20,000 digits")
    table("quote-open", f'{row}\n7,"1{row[3:]}\n', "line 2, field 2 has more than 1024 bytes", "a quotation mark that is never closed")
    table("quote-open-at-end", f'{row}\n{row[:-1]}"0\n', "line 2, field 785 begins with a quotation mark, and there is none to close it", "a quotation mark that is never closed")
    table("quote-lines", f'{row}\n7,"' + "\n" * 2000, "line 2, field 2 has more than 1024 bytes", "a quoted field of two thousand lines")
    table("quote-stray", f'{row}\n7,1"2{row[3:]}\n', "line 2, field 2 has a quotation mark, and does not begin with one", "a quotation mark inside a field")
    table("quote-behind", f'{row}\n7,"1"2{row[3:]}\n', "line 2, field 2 goes on behind the quotation mark that closes it", "more behind the quotation mark")
    table("columns-fewer", f"{row}\n7,0\n", "line 2 has 2 fields, and the first row has 785", "a short row")
    table("columns-more", f"{row}\n{row},0\n", "and the first row has 785", "a long row")
    table("line-blank", f"{row}\n\n{row}\n", "line 2 is blank, and there are rows behind it", "a blank line")
    table("label-negative", f"{row}\n-1{row[1:]}\n", 'line 2, field 1 is "-1"; a whole number from 0 on is needed', "a negative label")
    table("label-fraction", f"{row}\n0.5{row[1:]}\n", 'line 2, field 1 is "0.5"; a whole number from 0 on is needed', "half a label")
    table("label-2e64", f"{row}\n18446744073709551616{row[1:]}\n", 'line 2, field 1 is "18446744073709551616"; a whole number from 0 on is needed', "a label of 2^64")
    table("pixel-256", f"{row}\n7,256{row[3:]}\n", "line 2, field 2: the pixels are whole numbers, and this is none from 0 to 255", "a pixel of 256")
    table("pixel-negative", f"{row}\n7,-1{row[3:]}\n", "line 2, field 2: the pixels are whole numbers, and this is none from 0 to 255", "a negative pixel")
    table("columns-9999", ",".join(["0"] * 9999) + "\n", "the table has 9999 columns", "ten thousand columns")
    table("columns-7", "1,2,3,4,5,6,7\n", "the table has 7 columns", "seven columns")
    table("names-alone", ",".join(f"pixel{i}" for i in range(1100)) + "\n", "the format is not known (it begins with 70 69 78", "names without rows")
    table("utf-16", "\ufeff1,2\n".encode("utf-16-le"), "this is text in UTF-16, which is not read; save it as UTF-8", "UTF-16")
    table("commas", "," * 9000, "byte 9000: the CSV file has a line of names, and no row behind it", "nothing but commas")
    corpus.useless("pictures-alone.csv", (",".join(["0"] * 784) + "\n").encode(), "there are no labels for the images", "pictures without labels")
    corpus.useless("labels-alone.csv", b"1\n2\n3\n", "there are no images for the labels", "labels without pictures")


def cases(corpus):
    """Adds all of them."""
    json_files(corpus)
    csv_files(corpus)
