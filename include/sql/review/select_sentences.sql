-- What each check asks for, in the words of its latest run.
SELECT DISTINCT ON (code) code, sentence FROM audit.result ORDER BY code, ran_at DESC
