package cloudtest

var secretProbes, secretVersionProbes, secretDeletionProbes, secretKeyProbes, keyProbes, encryptionProbes, keyStateProbes, signatureProbes, queueProbes, eventProbes, scheduleProbes, mailProbes, parameterProbes, roleProbes []probe
