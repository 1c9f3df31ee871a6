//! Names in Devanagari and Bengali spelling whose usual romanisation does not follow the letters.
//! `native romanised`, one a line.

pub(super) const PAIRS: &str = "\
अग्रवाल agarwal
अमित amit
अशोक ashok
कुमार kumar
कृष्ण krishna
कौर kaur
खान khan
गुप्ता gupta
चौधरी chaudhary
जोशी joshi
ठाकुर thakur
दास das
देव dev
देवी devi
नायर nair
नेहरू nehru
पटेल patel
प्रकाश prakash
प्रसाद prasad
मिश्रा mishra
मुखर्जी mukherjee
मोहन mohan
यादव yadav
राज raj
राम ram
राय rai
राव rao
रेड्डी reddy
लाल lal
वर्मा verma
शर्मा sharma
शाह shah
शेख sheikh
सिंह singh
सिन्हा sinha
सेन sen
আলী ali
আহমেদ ahmed
ইসলাম islam
উদ্দিন uddin
খাতুন khatun
খান khan
চৌধুরী chowdhury
দাস das
বেগম begum
মোহাম্মদ mohammad
রহমান rahman
শেখ sheikh
সরকার sarkar
হাসান hasan
হাসিনা hasina
হোসেন hossain
";
